import type { TrainingProgram } from '@unlikely/graph';
import type { RuntimeTensor, Session } from '@unlikely/runtime';
import { metricsOf, stateFeeds } from './fold-steps.ts';
import { scheduleFeed } from './training-plan.ts';
import type { Feeds, TrainingPlan } from './training-plan.ts';
import type { StoppingRecord, TrainingState } from './training-state.ts';

/** Checks a training. */
const checks = 20;
/** Minibatches of held-out rows that one check averages over. */
const batches = 8;

/**
 * Keeps the parameters with the lowest held-out loss and says when it has not improved for `patience`
 * checks. Training must have the full KL weight first, or an early state would win by its low weight.
 * What it remembers travels with the training state, so that an interruption changes nothing.
 */
export class EarlyStopping {
  readonly #plan: TrainingPlan;
  readonly #program: TrainingProgram;
  readonly #session: Session;
  readonly #feeds: Feeds;
  readonly #every: number;
  readonly #patience: number;

  /** Where the plan asks for it. */
  static of(
    plan: TrainingPlan,
    program: TrainingProgram,
    session: Session,
  ): EarlyStopping | undefined {
    return plan.stopping && new EarlyStopping(plan, program, session, plan.stopping);
  }

  private constructor(
    plan: TrainingPlan,
    program: TrainingProgram,
    session: Session,
    { patience, heldOut }: NonNullable<TrainingPlan['stopping']>,
  ) {
    this.#plan = plan;
    this.#program = program;
    this.#session = session;
    const schedule = scheduleFeed(plan, 0, batches, 'held-out');
    this.#feeds = { ...heldOut(batches), schedule };
    this.#every = Math.max(1, Math.round(plan.schedule.steps / checks));
    this.#patience = patience;
  }

  /** The first check after a step: chunks end there, so that results do not depend on their size. */
  nextCheck(step: number): number {
    return (Math.floor(step / this.#every) + 1) * this.#every;
  }

  /** Whether the record of a state says that it is time to stop. */
  isOver({ stopping }: TrainingState): boolean {
    return stopping !== undefined && stopping.since >= this.#patience;
  }

  /** The record after this state: another one only at a check. */
  async check(state: TrainingState): Promise<StoppingRecord> {
    const known = state.stopping ?? { since: 0 };
    const { klWarmUp, steps } = this.#plan.schedule;
    if (state.step % this.#every !== 0 || state.step < klWarmUp * steps) return known;
    const loss = await this.#heldOutLoss(state);
    if (!(loss < (known.best?.loss ?? Infinity))) return { ...known, since: known.since + 1 };
    const { step, theta, history } = state;
    return { since: 0, best: { step, theta, history, loss } };
  }

  /** The mean loss of θ as it stands. */
  async #heldOutLoss(state: TrainingState): Promise<number> {
    const copies = Object.entries(this.#feeds).map(
      ([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }] as const,
    );
    const outputs = await this.#session.run({
      ...stateFeeds(this.#plan, state),
      ...(Object.fromEntries(copies) as Record<string, RuntimeTensor>),
    });
    const metric = metricsOf(this.#program, outputs);
    let sum = 0;
    for (let index = 0; index < batches; index++) sum += metric('loss', index);
    return sum / batches;
  }
}
