"""The convolutional VAE of packages/detect/src/image in PyTorch eager with the same layers:
python torch_image_vae.py '{"side": 28, "channels": 1, "batch": 128}' THREADS"""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

shape = json.loads(sys.argv[1])
threads = int(sys.argv[2]) if len(sys.argv) > 2 else 1
torch.set_num_threads(threads)
side, channels, batch = shape["side"], shape["channels"], shape["batch"]
hidden, latent, floor = 128, 16, 0.1


def levels():
    found, height, wide = [], side, 16
    while True:
        height //= 2
        found.append((height, wide))
        wide = min(64, 2 * wide)
        if len(found) >= 2 and (height * height <= 49 or height % 2):
            return found


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.levels = levels()
        first = self.levels[0][1]
        self.encoder0 = nn.Conv2d(channels + 1, first, 4, 2, 1)
        self.encoders, self.decoders = nn.ModuleList(), nn.ModuleList()
        for level in range(1, len(self.levels)):
            inputs = self.levels[level - 1][1] + (2 if level == 2 else 0)
            self.encoders.append(nn.Conv2d(inputs, self.levels[level][1], 2, 2))
            self.decoders.append(
                nn.ConvTranspose2d(self.levels[level][1], self.levels[level - 1][1], 2, 2)
            )
        height, deepest = self.levels[-1]
        maps = 2 if len(self.levels) == 2 else 0
        self.encoder_hidden = nn.Linear(height * height * (deepest + maps), hidden)
        self.encoder_code = nn.Linear(hidden, 2 * latent)
        self.decoder_hidden = nn.Linear(latent, hidden)
        self.decoder_grid = nn.Linear(hidden, height * height * deepest)
        self.decoder_maps = nn.Conv2d(self.levels[1][1], 4, 1)
        self.decoder0 = nn.ConvTranspose2d(first, 2 * channels, 4, 2, 1)

    def forward(self, x, maps, places, cells, noise):
        h = F.relu(self.encoder0(torch.cat([x * (1 - places), places], 1)))
        for level, layer in enumerate(self.encoders, 1):
            h = F.relu(layer(h))
            if level == 1:
                h = torch.cat([h, maps * (1 - cells)], 1)
        h = F.relu(self.encoder_hidden(h.flatten(1)))
        mean, raw = self.encoder_code(h).chunk(2, 1)
        log_variance = raw.clamp(-12, 4)
        z = mean + torch.exp(0.5 * log_variance) * noise
        height, deepest = self.levels[-1]
        h = F.relu(self.decoder_grid(F.relu(self.decoder_hidden(z))))
        h = h.view(-1, deepest, height, height)
        guess = None
        for level in range(len(self.levels) - 1, 0, -1):
            if level == 1:
                guess = self.decoder_maps(h)
            h = F.relu(self.decoders[level - 1](h))
        return self.decoder0(h), guess, mean, log_variance


def surprise(x, mean, a):
    precision = 1 + torch.sigmoid(a + 2 * torch.log(torch.tensor(floor))) / floor**2
    return 0.5 * ((x - mean) ** 2 * precision - torch.log(precision) + 1.8378770664093453)


def detail(x):
    """The two detail maps of images [N, C, H, W]."""
    grey = x.mean(1, keepdim=True)
    blocks = F.interpolate(F.avg_pool2d(grey, 2), scale_factor=2)
    whole = F.interpolate(F.avg_pool2d(grey, 4), scale_factor=4)
    fine = F.avg_pool2d((grey - blocks) ** 2, 4)
    coarse = F.avg_pool2d((blocks - whole) ** 2, 4)
    return (torch.log(torch.cat([fine, coarse], 1) + 255**-2) + 5) / 2


network = Network()
optimiser = torch.optim.Adam(network.parameters(), 1e-4)
pixels = torch.rand(batch, channels, side, side)
places = torch.zeros(batch, 1, side, side)
cells = torch.zeros(batch, 1, side // 4, side // 4)


def step():
    optimiser.zero_grad()
    noise = torch.randn(batch, latent)
    x, maps = (pixels - 0.5) / 0.25, detail(pixels)
    decoded, guess, mean, log_variance = network(x, maps, places, cells, noise)
    m, a = decoded.chunk(2, 1)
    gm, ga = guess.chunk(2, 1)
    kl = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum()
    loss = (surprise(x, m, a).sum() + surprise(maps, gm, ga).sum() + kl) / batch
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 100)
    optimiser.step()


for _ in range(3):
    step()
times = []
for _ in range(15):
    started = time.perf_counter()
    step()
    times.append(1000 * (time.perf_counter() - started))
print(f"torch eager {sorted(times)[len(times) // 2]:.2f} ms/step, {torch.__version__}")
