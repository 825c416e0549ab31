#!/usr/bin/env python3
"""What a running isr costs, the recorder and the process that decodes apart.

soak.py cost PID SECONDS                   a table of CPU and memory over so many seconds
soak.py soak PID HOURS RECORDINGS CSV      samples once a minute (all of them to CSV), prints one line an hour, then ends the
                                           recorder with SIGTERM and checks every file that is left against the journal
"""
import csv, glob, hashlib, json, os, random, signal, subprocess, sys, time

HZ = os.sysconf('SC_CLK_TCK')
DECODED = 200  # files, drawn by chance, that ffmpeg decodes whole


def stat(pid):
    """The fields of /proc/PID/stat behind the name: 1 parent, 11 to 14 ticks of itself and of children that ended."""
    with open(f'/proc/{pid}/stat') as file:
        return file.read().rsplit(')', 1)[1].split()


def below(pid):
    """All processes that PID has started, and those that they have."""
    parents = {}
    for path in glob.glob('/proc/[0-9]*'):
        try:
            parents.setdefault(int(stat(os.path.basename(path))[1]), []).append(int(os.path.basename(path)))
        except (FileNotFoundError, ProcessLookupError):
            continue
    found, queue = [], [pid]
    while queue:
        found += parents.get(queue[0], [])
        queue = queue[1:] + parents.get(queue[0], [])
    return found


def ticks(pid, with_ended):
    fields = stat(pid)
    return sum(int(f) for f in fields[11:15 if with_ended else 13])


def kilobytes(pid):
    with open(f'/proc/{pid}/smaps_rollup') as file:
        return next(int(line.split()[1]) for line in file if line.startswith('Pss:'))


def decoding(pid, what):
    """Sum over the decoding processes, but for those that end in between."""
    total = 0
    for child in below(pid):
        try:
            total += what(child)
        except (FileNotFoundError, ProcessLookupError, StopIteration):
            continue
    return total


def decoding_ticks(pid):
    # What a worker's decoders took is the worker's once they have ended; what a worker took that has ended is the recorder's.
    return decoding(pid, lambda child: ticks(child, with_ended=True)) + sum(int(f) for f in stat(pid)[13:15])


def sample(pid):
    return {
        'time': time.time(),
        'recorder ticks': ticks(pid, with_ended=False),
        'decoding ticks': decoding_ticks(pid),
        'recorder kB': kilobytes(pid),
        'decoding kB': decoding(pid, kilobytes),
        'files open': len(os.listdir(f'/proc/{pid}/fd')),
        'threads': len(os.listdir(f'/proc/{pid}/task')),
    }


def percent(before, after, name):
    return 100 * (after[name] - before[name]) / HZ / (after['time'] - before['time'])


def cost(pid, seconds):
    before = sample(pid)
    time.sleep(seconds)
    after = sample(pid)
    print('| process | CPU, % of one core | memory, MB |')
    print('|---|---|---|')
    print(f'| recorder and page | {percent(before, after, "recorder ticks"):.2f} | {after["recorder kB"] / 1024:.0f} |')
    print(f'| decoding for levels | {percent(before, after, "decoding ticks"):.2f} | {after["decoding kB"] / 1024:.0f} |')


def soak(pid, hours, recordings, path):
    began = time.monotonic()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    samples = [sample(pid)]
    with open(path, 'w', newline='') as file:
        out = csv.DictWriter(file, samples[0].keys())
        out.writeheader()
        out.writerow(samples[0])
        while time.monotonic() - began < hours * 3600:
            time.sleep(min(60, max(0.1, hours * 3600 - (time.monotonic() - began))))
            samples.append(sample(pid))
            out.writerow(samples[-1])
            file.flush()

    length = samples[-1]['time'] - samples[0]['time']
    print(f'It ran for {length / 3600:.2f} hours, {len(samples)} samples.\n')
    print('| after | recorder CPU, % | decoding CPU, % | recorder memory, MB | decoding memory, MB | files open | threads |')
    print('|---|---|---|---|---|---|---|')
    per_row = max(1, (len(samples) - 1) // 8 if hours < 8 else 60)
    for i in range(per_row, len(samples), per_row):
        before, after = samples[i - per_row], samples[i]
        within = samples[i - per_row + 1:i + 1]
        most = lambda name: max(s[name] for s in within)
        print(f'| {(after["time"] - samples[0]["time"]) / 60:.0f} min | {percent(before, after, "recorder ticks"):.2f} | {percent(before, after, "decoding ticks"):.2f} '
              f'| {most("recorder kB") / 1024:.0f} | {most("decoding kB") / 1024:.0f} | {most("files open")} | {most("threads")} |')
    print('\nOf memory, files and threads the most within each row.')
    if length >= 3600:
        print(f'Over the second half the recorder\'s memory went by {slope(samples[len(samples) // 2:]):+.2f} MB an hour.')
    print()

    asked = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    while os.path.exists(f'/proc/{pid}') and stat(pid)[0] != 'Z':
        time.sleep(0.05)
        if time.monotonic() - asked > 60:
            sys.exit('isr did not end within 60 s')
    print(f'SIGTERM ended it in {time.monotonic() - asked:.1f} s.')
    check(recordings)


def slope(samples):
    """Least squares, MB per hour."""
    times = [s['time'] / 3600 for s in samples]
    sizes = [s['recorder kB'] / 1024 for s in samples]
    mean_time, mean_size = sum(times) / len(times), sum(sizes) / len(sizes)
    spread = sum((t - mean_time) ** 2 for t in times)
    return sum((t - mean_time) * (s - mean_size) for t, s in zip(times, sizes)) / spread if spread else 0.0


def check(recordings):
    closed, sealed, gone, gaps, missing, rates, left_open = {}, {}, set(), 0, 0.0, {}, set()
    for journal in sorted(glob.glob(recordings + '/.isr/journal/*.jsonl')):
        for line in open(journal):
            entry = json.loads(line)
            kind = entry['event']
            if kind == 'opened':
                rates[entry['file']] = entry['sampleRate']
                left_open.add(entry['file'])
            elif kind == 'closed':
                closed[entry['file']] = entry
                left_open.discard(entry['file'])
            elif kind == 'sealed':
                sealed[entry['file']] = entry['sha256']
            elif kind in ('deleted', 'purged'):
                gone.add(entry['file'])
            elif kind == 'gap':
                gaps += 1
                missing += max(0, entry['seconds'])
    there = [name for name in closed if os.path.exists(os.path.join(recordings, name))]
    wrong = [name for name in there if name in sealed and hashed(os.path.join(recordings, name)) != sealed[name].lower()]
    lost = [name for name in closed if name not in there and name not in gone]
    drawn = random.Random(1).sample(sorted(there), min(DECODED, len(there)))
    bad = [name for name in drawn if not decodes(os.path.join(recordings, name))]
    sounded = sum(entry['samples'] / rates[name] for name, entry in closed.items()) / 3600
    print(f'\n| files | |\n|---|---|\n| written and closed | {len(closed)} |\n| hours of sound in them | {sounded:.1f} |\n| left open | {len(left_open)} |\n| gaps in the journal | {gaps}, {missing:.1f} s |'
          f'\n| deleted by keep_gb | {len(gone)} |\n| missing otherwise | {len(lost)} |\n| there, and hashed against the journal | {sum(n in sealed for n in there)} of {len(there)} |'
          f'\n| of these not as the journal has them | {len(wrong)} |\n| decoded whole by ffmpeg, by chance | {len(drawn)} |\n| of these with an error | {len(bad)} |')
    if wrong or lost or bad or left_open:
        sys.exit(f'Not right: {(wrong + lost + bad + sorted(left_open))[:20]}')


def hashed(path):
    with open(path, 'rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest() if hasattr(hashlib, 'file_digest') else hashlib.sha256(file.read()).hexdigest()


def decodes(path):
    done = subprocess.run(['ffmpeg', '-nostdin', '-v', 'error', '-i', path, '-f', 'null', '-'], capture_output=True)
    return done.returncode == 0 and not done.stderr


if len(sys.argv) == 4 and sys.argv[1] == 'cost':
    cost(int(sys.argv[2]), float(sys.argv[3]))
elif len(sys.argv) == 6 and sys.argv[1] == 'soak':
    soak(int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], sys.argv[5])
else:
    sys.exit(__doc__)
