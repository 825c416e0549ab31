#!/usr/bin/env python3
"""How well files were cut, by what the server sent and when.

splits.py tap FOLDER URL...        keeps what each mount sends, and when it came, in FOLDER/NAME and FOLDER/NAME.times,
                                   until SIGTERM
splits.py judge TAPS RECORDINGS    compares the first frame of every file with the tap of its mount; sources are named
                                   NUMBER-MOUNT. Prints a line of numbers for all files and one for each mount.

A frame cannot come before it has sounded, so the least of arrival minus position over a whole tap dates all its frames.
"""
import collections, datetime, glob, json, os, selectors, signal, socket, statistics, struct, sys, time, urllib.parse

WINDOW = 2  # seconds, in which at least one page of any format comes
KEY_BYTES = 48  # of a FLAC frame: without its header, since the recorder numbers frames anew


# --- the tap

def tap(folder, urls):
    running = [True]
    signal.signal(signal.SIGTERM, lambda *_: running.clear())
    selector = selectors.DefaultSelector()
    for url in urls:
        parts = urllib.parse.urlsplit(url)
        connection = socket.create_connection((parts.hostname, parts.port), timeout=10)
        connection.sendall(f'GET {parts.path} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n'.encode())
        path = os.path.join(folder, parts.path.strip('/'))
        head = b''
        while b'\r\n\r\n' not in head:
            part = connection.recv(65536)
            if not part:
                sys.exit(f'{url} closed before its headers ended')
            head += part
        if b' 200' not in head.split(b'\r\n')[0]:
            sys.exit(f'{url}: {head.splitlines()[0].decode()}')
        mount = Mount(open(path, 'wb', buffering=0), open(path + '.times', 'w', buffering=1))
        mount.take(head.split(b'\r\n\r\n', 1)[1])
        selector.register(connection, selectors.EVENT_READ, mount)
    while running and selector.get_map():
        for key, _ in selector.select(0.5):
            part = key.fileobj.recv(262144)
            if part:
                key.data.take(part)
            else:
                print(f'{key.data.body.name}: the server closed the connection', file=sys.stderr)
                selector.unregister(key.fileobj)


class Mount:
    def __init__(self, body, times):
        self.body, self.times, self.length = body, times, 0

    def take(self, part):
        self.length += len(part)
        self.body.write(part)
        self.times.write(f'{time.time():.5f} {self.length}\n')


# --- frames: (key, samples, where it ends in the bytes); the key is the same in the stream and in a file of it

MP3_KILOBITS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]


def mp3_length(data, at):
    if len(data) < at + 4 or data[at] != 0xFF or data[at + 1] & 0xFE != 0xFA or data[at + 2] >> 4 in (0, 15):
        return 0
    return 144000 * MP3_KILOBITS[data[at + 2] >> 4] // 44100 + (data[at + 2] >> 1 & 1)


def adts_length(data, at):
    if len(data) < at + 7 or data[at] != 0xFF or data[at + 1] & 0xF6 != 0xF0:
        return 0
    return (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5


def framed(data, length_of, samples, at=0):
    while at < len(data) - 8:  # the first place from where four frames follow each other
        place = at
        for _ in range(4):
            length = length_of(data, place)
            place += length
            if not length:
                break
        else:
            break
        at += 1
    while (length := length_of(data, at)) and at + length <= len(data):
        yield data[at:at + length], samples, at + length
        at += length


def flac_frame(data, at=0):
    """Length of the header, samples and number of a FLAC frame; None where none begins."""
    head = data[at:at + 16]
    if len(head) < 16 or head[0] != 0xFF or head[1] & 0xFE != 0xF8:
        return None
    size, rate = head[2] >> 4, head[2] & 15
    count = 1 if head[4] < 0x80 else 8 - (head[4] ^ 0xFF).bit_length()
    if size == 0 or rate == 15 or count > 7 or (head[4] >= 0x80 and count < 2):
        return None
    number = head[4] if count == 1 else head[4] & (0x7F >> count)
    for byte in head[5:4 + count]:
        number = number << 6 | byte & 63
    at = 4 + count
    if size == 1:
        samples = 192
    elif size < 6:
        samples = 576 << (size - 2)
    elif size == 6:
        samples, at = head[at] + 1, at + 1
    elif size == 7:
        samples, at = (head[at] << 8 | head[at + 1]) + 1, at + 2
    else:
        samples = 256 << (size - 8)
    at += {12: 1, 13: 2, 14: 2}.get(rate, 0)
    crc = 0
    for byte in head[:at]:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return (at + 1, samples, number) if at < 16 and crc == head[at] else None


def flac_frames(data, at=0):
    """Frames of native FLAC: headers whose checksums are right and whose numbers follow each other."""
    found = []
    while (at := data.find(b'\xff', at)) >= 0 and at + 16 <= len(data):
        header = flac_frame(data, at)
        if header and (not found or header[2] == found[-1][2] + 1):
            found.append((at, *header[1:], header[0]))
            at += 16
        elif header and len(found) == 1:
            found = [(at, *header[1:], header[0])]  # the only one so far was none
        at += 1
    for this, following in zip(found, found[1:]):
        begin = this[0] + this[3]
        yield data[begin:begin + KEY_BYTES], this[1], following[0]


def pages(data):
    """Packets of an Ogg stream, and where the page that completes each ends."""
    at, part, is_whole = 0, b'', True
    while data[at:at + 4] == b'OggS' and at + 27 <= len(data):
        count = data[at + 26]
        lacing = data[at + 27:at + 27 + count]
        place = at + 27 + count
        end = place + sum(lacing)
        if end > len(data):
            break
        if not data[at + 5] & 1:
            part, is_whole = b'', True
        elif not part:
            is_whole = False
        for size in lacing:
            part += data[place:place + size]
            place += size
            if size < 255:
                if is_whole:
                    yield part, end
                part, is_whole = b'', True
        at = end


OPUS_MS = [10, 20, 40, 60] * 3 + [10, 20] * 2 + [2.5, 5, 10, 20] * 4


def ogg_frames(data):
    """Frames, the first of which is the first that sounds in a file: (key, samples, end), and samples of it to skip."""
    codec, skip, sizes, previous = None, 0, (), 0
    for packet, end in pages(data):
        if packet.startswith(b'OpusHead'):
            codec, skip = 'opus', struct.unpack_from('<H', packet, 10)[0]
        elif packet.startswith(b'\x01vorbis'):
            codec, sizes = 'vorbis', (1 << (packet[28] & 15), 1 << (packet[28] >> 4))
        elif packet.startswith(b'\x7fFLAC'):
            codec = 'flac'
        elif packet.startswith((b'OpusTags', b'\x03vorbis', b'\x05vorbis')):
            continue
        elif codec == 'vorbis':
            size = sizes[packet[0] >> 1 & 1]  # libvorbis has two modes, short and long
            if previous:
                yield packet, (previous + size) // 4, end, 0
            previous = size
        elif codec == 'flac':
            if header := flac_frame(packet):
                yield packet[header[0]:header[0] + KEY_BYTES], header[1], end, 0
        elif codec == 'opus':
            count = (1, 2, 2, packet[1] & 63 if len(packet) > 1 else 0)[packet[0] & 3]
            samples = int(OPUS_MS[packet[0] >> 3] * 48) * count
            yield packet, samples, end, skip
            skip = max(0, skip - samples)


def frames_of(mount, data, is_file):
    if mount == 'mp3':
        at, own = 0, 0
        if data[:3] == b'ID3':
            at = 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])
        if data[at + 36:at + 40] in (b'Info', b'Xing'):
            delay = data[at + 177] << 4 | data[at + 178] >> 4
            own = (delay + 529) // 1152
            at += mp3_length(data, at)
        for i, frame in enumerate(framed(data, mp3_length, 1152, at)):
            if i >= own:
                yield *frame, 0
    elif mount == 'aac':
        for frame in framed(data, adts_length, 1024):
            yield *frame, 0
    elif mount == 'flac':
        for frame in flac_frames(data, data.find(b'\xff\xf8') if is_file else 0):
            yield *frame, 0
    else:
        for key, samples, end, skip in ogg_frames(data):
            # A file begins inside its first frame that is not skipped as a whole; the stream has nothing to skip.
            if not is_file:
                yield key, samples, end, 0
            elif skip < samples:
                yield key, samples, end, skip


# --- the judge

class Tap:
    def __init__(self, path, mount):
        self.rate = 48000 if mount == 'opus' else 44100
        self.places, ends, position = {}, [], 0
        for key, samples, end, _ in frames_of(mount, open(path, 'rb').read(), False):
            self.places.setdefault(key, position)
            position += samples
            ends.append((end, position))
        arrivals = [(float(t), int(n)) for t, n in (line.split() for line in open(path + '.times'))]
        windows, i = {}, 0
        for when, length in arrivals:
            while i < len(ends) and ends[i][0] <= length:
                lag = when - ends[i][1] / self.rate
                windows[when // WINDOW] = min(lag, windows.get(when // WINDOW, lag))
                i += 1
        self.start = min(windows.values())
        # The burst at the start is late by design, and the last window may have been cut off.
        self.late = max(list(windows.values())[3:-1], default=self.start) - self.start


def judge(taps, recordings):
    known = {os.path.basename(p)[:-6]: Tap(p[:-6], os.path.basename(p)[:-6]) for p in glob.glob(taps + '/*.times')}
    opened, closed, gaps = collections.defaultdict(list), {}, 0
    for journal in sorted(glob.glob(recordings + '/.isr/journal/*.jsonl')):
        for line in open(journal):
            entry = json.loads(line)
            if entry['event'] == 'opened':
                opened[entry['source']].append(entry['file'])
            elif entry['event'] == 'closed':
                closed[entry['file']] = entry['samples']
            gaps += entry['event'] == 'gap'
    errors, wrong, unknown = collections.defaultdict(list), collections.Counter(), collections.Counter()
    for source, files in opened.items():
        mount = source.split('-')[1]
        tapped, before = known[mount], None
        for number, name in enumerate(files):
            with open(os.path.join(recordings, name), 'rb') as file:
                first = next(frames_of(mount, file.read(100_000), True), None)
            if first is None or first[0] not in tapped.places:
                unknown[mount] += 1
                before = None
                continue
            position = tapped.places[first[0]] + first[3]
            if before is not None:
                wrong[mount] += abs(position - before[0] - closed[before[1]])
            before = position, name
            if number > 0:  # the first begins when recording does
                due = datetime.datetime.strptime(os.path.basename(name)[:15], '%Y%m%d_%H%M%S').timestamp()
                errors[mount].append((tapped.start + position / tapped.rate - due) * 1000)
    every = [e for mount in errors.values() for e in mount]
    report('all', every, sum(wrong.values()), sum(unknown.values()), gaps, max(k.late for k in known.values()))
    for mount in sorted(known):
        report(mount, errors[mount], wrong[mount], unknown[mount], '', known[mount].late)


def report(name, errors, wrong, unknown, gaps, late):
    """Name, splits, median and worst error in ms, samples not accounted for, files not found, gaps, and how late the server
    was at the most, in ms."""
    worst = max(errors, key=abs, default=float('nan'))
    median = statistics.median(errors) if errors else float('nan')
    print(name, len(errors), f'{median:+.0f}', f'{worst:+.0f}', wrong, unknown, gaps, f'{late * 1000:.0f}', sep='\t')


if len(sys.argv) > 3 and sys.argv[1] == 'tap':
    tap(sys.argv[2], sys.argv[3:])
elif len(sys.argv) == 4 and sys.argv[1] == 'judge':
    judge(sys.argv[2], sys.argv[3])
else:
    sys.exit(__doc__)
