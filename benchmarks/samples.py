#!/usr/bin/env python3
"""What of an endless, known sound was recorded.

samples.py FED.raw RATE BEGUN ENDED FOLDER

Compares every .wav and .flac below FOLDER, decoded by ffmpeg, with FED.raw (16 bits, stereo), which was played over and over,
and prints one line of numbers with tabs between, for all of them: files, samples, samples missing (the sound jumps forward),
doubled (it jumps back), not fed (silence before the first sound excepted), and how much of the time from BEGUN to ENDED (both
in seconds since 1970) the shortest file holds, in per cent. The devices open one after another, so that this is never 100.
"""
import glob, os, subprocess, sys

FRAME = 4     # bytes of a sample of both channels
WINDOW = 64   # samples that tell a place: noise does not repeat
BLOCK = 4096  # samples compared at once


class Fed:
    def __init__(self, data):
        self.length = len(data) // FRAME
        data = data[:self.length * FRAME]
        self.twice = data + data[:(BLOCK + WINDOW) * FRAME]

    def slice(self, position, count):
        start = position % self.length * FRAME
        return self.twice[start:start + count * FRAME]

    def find(self, window):
        at = self.twice.find(window)
        while at >= 0 and at % FRAME:
            at = self.twice.find(window, at + 1)
        return at // FRAME if at >= 0 else None


def judge(fed, audio):
    """Samples missing, doubled and not fed in one recording."""
    total = len(audio) // FRAME
    at = lambda i, count: audio[i * FRAME:(i + count) * FRAME]
    missing = doubled = strange = 0
    i = next((n for n in range(0, total) if at(n, 1) != bytes(FRAME)), total)
    position = None  # of sample i in the sound
    while i < total:
        if position is not None:
            count = min(BLOCK, total - i)
            if at(i, count) == fed.slice(position, count):
                i, position = i + count, position + count
                continue
            same = next(n for n in range(count) if at(i + n, 1) != fed.slice(position + n, 1))
            i, position = i + same, position + same
        begun = i
        place = None
        while i + WINDOW <= total and (place := fed.find(at(i, WINDOW))) is None:
            i += WINDOW
        if place is None:
            strange += total - begun
            break
        # The window may lie wholly behind what is strange: back to where that ends.
        while i > begun and at(i - 1, 1) == fed.slice(place - 1, 1):
            i, place = i - 1, place - 1
        strange += i - begun
        if position is not None:
            # Silence that the feeder let come in between has pushed the sound back and costs nothing of it.
            jump = (place - position) % fed.length
            missing += jump if jump < fed.length / 2 else 0
            doubled += fed.length - jump if jump >= fed.length / 2 else 0
        position = place
    return missing, doubled, strange


def main():
    fed_path, rate, begun, ended, folder = sys.argv[1:]
    with open(fed_path, 'rb') as file:
        fed = Fed(file.read())
    span = float(ended) - float(begun)
    counts, sums = [], [0, 0, 0]
    for path in sorted(glob.glob(os.path.join(folder, '**', '*'), recursive=True)):
        if path.endswith(('.wav', '.flac')):
            audio = subprocess.run(['ffmpeg', '-nostdin', '-v', 'error', '-i', path, '-f', 's16le', '-'], stdout=subprocess.PIPE, check=True).stdout
            counts.append(len(audio) // FRAME)
            sums = [a + b for a, b in zip(sums, judge(fed, audio))]
    least = 100 * min(counts) / int(rate) / span if counts else 0
    print(len(counts), sum(counts), *sums, f'{least:.2f}', sep='\t')


if __name__ == '__main__':
    main()
