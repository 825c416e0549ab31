/*
 * A soundcard for tests: an ALSA plugin (type isrtest) whose samples count. Sample i since the epoch, a moment of
 * CLOCK_MONOTONIC, has been captured at epoch + (i + 1) / (rate * (1 + ppm / 1e6)), whoever listens or not; so what a
 * recording lacks can be counted, and when each of its samples sounded is known.
 *
 *   pcm.mic { type isrtest  directory "/tmp/x" name "mic" ... }
 *
 *   rates "44100 48000"    what it can do, in all combinations; rates "0" is any rate
 *   channels "1 2"
 *   formats "S16_LE S24_3LE"
 *   bits 16                16 or 24: how many bits of a sample count; the rest of a wider format is less than half a step
 *   ppm 0                  how much faster than the clock it is; may be negative
 *   granularity 48         frames by which its pointer advances
 *   buffer_bytes "64 8388608"   smallest and largest buffer
 *   epoch 0                nanoseconds of CLOCK_MONOTONIC; a string
 *   wallclock 0            1: its time stamps are of CLOCK_REALTIME
 *   infile ""              raw samples in its format to give instead, round and round, by the same count
 *
 * Two files in the directory command it. NAME.state says how it is for as long as that stands (missing is ok):
 *
 *   ok | nodev (unplugged: opening fails too) | io | busy | access (at opening) | suspended | silence (no data, no error)
 *
 * NAME.once is obeyed once and then removed:
 *
 *   overrun | suspend | io | jump N (N samples are left out, without an error)
 *
 * What counts, of sample i: with 16 bits channel 1 is i mod 2^16, channel 2 i / 2^16; with 24 bits i mod 2^24 and
 * i / 2^8 mod 2^24; any other channel c is (i + 1000 c) mod 2^16 or 2^24.
 */
#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MAX_LIST 32
#define MAX_HOLES 256
#define TICK_NS 5000000L
/* While silent it only looks whether that has ended, too seldom to keep whoever waits for data from giving up. */
#define SILENT_TICK_NS 700000000L

enum standing { OK, NODEV, IO, BUSY, ACCESS, SUSPENDED, SILENCE };

/* From this hardware position on, so many samples of the count were left out in all. */
struct hole {
    uint64_t at;
    uint64_t lost;
};

struct mic {
    snd_pcm_ioplug_t io;
    char state_path[512];
    char once_path[512];
    unsigned bits;
    double ppm;
    uint64_t epoch;
    unsigned granularity;
    const uint8_t *file;
    size_t file_bytes;

    uint64_t base;          /* count at the start */
    uint64_t hw;            /* position since the start */
    uint64_t lost;
    struct hole holes[MAX_HOLES];
    unsigned hole_count;
    snd_pcm_uframes_t avail_min;
    uint64_t looked;        /* when the files were looked at last */
    enum standing standing;
    bool silent, fails_once;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t count_now(const struct mic *m)
{
    uint64_t now = now_ns();
    return now <= m->epoch ? 0 : (uint64_t)((double)(now - m->epoch) * 1e-9 * m->io.rate * (1 + m->ppm * 1e-6));
}

static void arm(struct mic *m, long tick)
{
    struct itimerspec t = {.it_interval = {0, tick}, .it_value = {0, tick}};
    timerfd_settime(m->io.poll_fd, 0, &t, NULL);
}

static ssize_t read_word(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t n = read(fd, text, size - 1);
    close(fd);
    text[n < 0 ? 0 : n] = 0;
    return n;
}

static enum standing standing_of(const char *path)
{
    char text[64];
    if (read_word(path, text, sizeof text) <= 0)
        return OK;
    static const char *const words[] = {"ok", "nodev", "io", "busy", "access", "suspended", "silence"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (!strncmp(text, words[i], strlen(words[i])))
            return (enum standing)i;
    return OK;
}

static void leave_out(struct mic *m, uint64_t samples)
{
    m->lost += samples;
    if (m->hole_count < MAX_HOLES)
        m->holes[m->hole_count++] = (struct hole){m->hw, m->lost};
}

static void advance(struct mic *m)
{
    uint64_t gone = m->base + m->lost, count = count_now(m);
    uint64_t hw = count > gone ? count - gone : 0;
    hw -= hw % m->granularity;
    if (hw > m->hw)
        m->hw = hw;
}

/* Looks at the files. Answers true where a buffer is to be overrun. */
static bool obey(struct mic *m)
{
    char text[64];
    bool overrun = false;
    uint64_t now = now_ns();
    if (now - m->looked < 1000000)
        return false;
    m->looked = now;

    m->standing = standing_of(m->state_path);
    if (m->standing == SILENCE) {
        if (!m->silent)
            arm(m, SILENT_TICK_NS);
        m->silent = true;
    } else if (m->silent) {
        uint64_t count = count_now(m), gone = m->base + m->lost + m->hw;
        m->silent = false;
        leave_out(m, count > gone ? count - gone : 0);
        arm(m, TICK_NS);
    }
    if (m->standing == NODEV)
        snd_pcm_ioplug_set_state(&m->io, SND_PCM_STATE_DISCONNECTED);
    else if (m->standing == SUSPENDED)
        snd_pcm_ioplug_set_state(&m->io, SND_PCM_STATE_SUSPENDED);

    if (m->io.state != SND_PCM_STATE_RUNNING || m->silent || read_word(m->once_path, text, sizeof text) <= 0)
        return false;
    unsigned long samples;
    if (!strncmp(text, "overrun", 7))
        overrun = true;
    else if (!strncmp(text, "suspend", 7))
        snd_pcm_ioplug_set_state(&m->io, SND_PCM_STATE_SUSPENDED);
    else if (!strncmp(text, "io", 2))
        m->fails_once = true;
    else if (sscanf(text, "jump %lu", &samples) == 1) {
        advance(m);
        leave_out(m, samples);
    }
    unlink(m->once_path);
    return overrun;
}

static int mic_start(snd_pcm_ioplug_t *io)
{
    struct mic *m = io->private_data;
    m->base = count_now(m);
    m->hw = m->lost = m->hole_count = 0;
    m->fails_once = false;
    /* Begun in silence, it stands still until that ends; begun otherwise, it ticks. */
    m->silent = m->standing == SILENCE;
    arm(m, m->silent ? SILENT_TICK_NS : TICK_NS);
    return 0;
}

static int mic_stop(snd_pcm_ioplug_t *io)
{
    arm(io->private_data, 0);
    return 0;
}

static snd_pcm_sframes_t mic_pointer(snd_pcm_ioplug_t *io)
{
    struct mic *m = io->private_data;
    bool overrun = obey(m);
    if (io->state == SND_PCM_STATE_RUNNING && !m->silent)
        advance(m);
    /* A position below 0 makes the state XRUN. */
    return overrun || (io->state == SND_PCM_STATE_RUNNING && m->hw - io->appl_ptr > io->buffer_size) ? -EPIPE : (snd_pcm_sframes_t)m->hw;
}

static int32_t sample_of(const struct mic *m, uint64_t i, unsigned channel)
{
    unsigned high = m->bits == 16 ? 16 : 8;
    uint64_t value = channel == 0 ? i : channel == 1 ? i >> high : i + 1000u * (channel + 1);
    return (int32_t)((uint32_t)value << (32 - m->bits));
}

static void put(const struct mic *m, uint8_t *to, uint64_t i, unsigned channel)
{
    /* In 32 bits; below what counts, something less than half a step. */
    uint32_t fill = (uint32_t)(i * 2654435761u) & ((1u << (31 - m->bits)) - 1);
    uint32_t value = (uint32_t)sample_of(m, i, channel);
    float real;
    switch (m->io.format) {
    case SND_PCM_FORMAT_S16_LE:
        to[0] = (uint8_t)(value >> 16);
        to[1] = (uint8_t)(value >> 24);
        break;
    case SND_PCM_FORMAT_S24_3LE:
        value |= fill;
        to[0] = (uint8_t)(value >> 8);
        to[1] = (uint8_t)(value >> 16);
        to[2] = (uint8_t)(value >> 24);
        break;
    case SND_PCM_FORMAT_S24_LE:
        /* The upper byte means nothing. */
        value = ((value | fill) >> 8) | (uint32_t)i << 24;
        memcpy(to, &value, 4);
        break;
    case SND_PCM_FORMAT_S32_LE:
        value |= fill;
        memcpy(to, &value, 4);
        break;
    default:
        real = (float)((int32_t)value >> (32 - m->bits)) / (float)(1 << (m->bits - 1));
        memcpy(to, &real, 4);
        break;
    }
}

static snd_pcm_sframes_t mic_transfer(
    snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas, snd_pcm_uframes_t offset, snd_pcm_uframes_t size)
{
    struct mic *m = io->private_data;
    unsigned bytes = (unsigned)snd_pcm_format_physical_width(io->format) / 8;
    if (m->standing == NODEV)
        return -ENODEV;
    if (m->standing == IO || m->fails_once)
        return -EIO;
    for (snd_pcm_uframes_t k = 0; k < size; k++) {
        uint64_t at = io->appl_ptr + k, lost = 0;
        for (unsigned h = 0; h < m->hole_count && m->holes[h].at <= at; h++)
            lost = m->holes[h].lost;
        uint64_t i = m->base + at + lost;
        for (unsigned c = 0; c < io->channels; c++) {
            uint8_t *to = (uint8_t *)areas[c].addr + (areas[c].first + (offset + k) * areas[c].step) / 8;
            if (m->file)
                memcpy(to, m->file + (i % (m->file_bytes / (bytes * io->channels)) * io->channels + c) * bytes, bytes);
            else
                put(m, to, i, c);
        }
    }
    return (snd_pcm_sframes_t)size;
}

static int mic_sw_params(snd_pcm_ioplug_t *io, snd_pcm_sw_params_t *params)
{
    struct mic *m = io->private_data;
    return snd_pcm_sw_params_get_avail_min(params, &m->avail_min);
}

static int mic_hw_params(snd_pcm_ioplug_t *io, snd_pcm_hw_params_t *params)
{
    struct mic *m = io->private_data;
    (void)params;
    unsigned frame = (unsigned)snd_pcm_format_physical_width(io->format) / 8 * io->channels;
    return m->file && m->file_bytes < frame ? -EINVAL : 0;
}

static int mic_prepare(snd_pcm_ioplug_t *io)
{
    struct mic *m = io->private_data;
    enum standing standing = m->standing = standing_of(m->state_path);
    m->hw = m->lost = m->hole_count = 0;
    return standing == NODEV ? -ENODEV : standing == IO ? -EIO : standing == SUSPENDED ? -ESTRPIPE : 0;
}

static int mic_poll_revents(snd_pcm_ioplug_t *io, struct pollfd *pfd, unsigned count, unsigned short *revents)
{
    struct mic *m = io->private_data;
    uint64_t ticks;
    (void)count;
    *revents = 0;
    if (!(pfd->revents & POLLIN) || read(io->poll_fd, &ticks, sizeof ticks) < 0)
        return 0;
    if (mic_pointer(io) < 0)
        snd_pcm_ioplug_set_state(io, SND_PCM_STATE_XRUN);
    if (io->state != SND_PCM_STATE_RUNNING || m->standing == IO || m->fails_once)
        *revents = POLLERR | POLLIN;
    else if (m->hw - io->appl_ptr >= m->avail_min)
        *revents = POLLIN;
    return 0;
}

/* Prepared anew, not resumed: as most cards are. */
static int mic_resume(snd_pcm_ioplug_t *io)
{
    (void)io;
    return -ENOSYS;
}

static int mic_close(snd_pcm_ioplug_t *io)
{
    struct mic *m = io->private_data;
    close(io->poll_fd);
    if (m->file)
        munmap((void *)m->file, m->file_bytes);
    free(m);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = mic_start,
    .stop = mic_stop,
    .pointer = mic_pointer,
    .transfer = mic_transfer,
    .close = mic_close,
    .hw_params = mic_hw_params,
    .sw_params = mic_sw_params,
    .prepare = mic_prepare,
    .resume = mic_resume,
    .poll_revents = mic_poll_revents,
};

static unsigned numbers(const char *text, unsigned *list)
{
    unsigned n = 0;
    char *end;
    for (; n < MAX_LIST; text = end) {
        unsigned long value = strtoul(text, &end, 10);
        if (end == text)
            break;
        list[n++] = (unsigned)value;
    }
    return n;
}

static unsigned formats(const char *text, unsigned *list)
{
    unsigned n = 0;
    char words[256], *state = NULL;
    snprintf(words, sizeof words, "%s", text);
    for (char *word = strtok_r(words, " ", &state); word && n < MAX_LIST; word = strtok_r(NULL, " ", &state)) {
        snd_pcm_format_t format = snd_pcm_format_value(word);
        if (format != SND_PCM_FORMAT_UNKNOWN)
            list[n++] = (unsigned)format;
    }
    return n;
}

static int limit(snd_pcm_ioplug_t *io, int what, const char *text)
{
    unsigned list[MAX_LIST];
    unsigned n = what == SND_PCM_IOPLUG_HW_FORMAT ? formats(text, list) : numbers(text, list);
    return n == 0 ? -EINVAL : snd_pcm_ioplug_set_param_list(io, what, n, list);
}

static int constrain(snd_pcm_ioplug_t *io, const char *rates, const char *channels, const char *formats, const char *buffer)
{
    static const unsigned accesses[] = {SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED};
    unsigned range[MAX_LIST];
    int err = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, accesses);
    if (!err)
        err = strcmp(rates, "0") ? limit(io, SND_PCM_IOPLUG_HW_RATE, rates)
                                 : snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, 4000, 384000);
    if (!err)
        err = limit(io, SND_PCM_IOPLUG_HW_CHANNELS, channels);
    if (!err)
        err = limit(io, SND_PCM_IOPLUG_HW_FORMAT, formats);
    if (!err)
        err = numbers(buffer, range) != 2 ? -EINVAL : snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, range[0], range[1]);
    if (!err)
        err = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 32, 4 << 20);
    if (!err)
        err = snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1024);
    return err;
}

static int map(struct mic *m, const char *path)
{
    struct stat facts;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    void *bytes = fstat(fd, &facts) < 0 || facts.st_size == 0 ? MAP_FAILED : mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED)
        return -EINVAL;
    m->file = bytes;
    m->file_bytes = (size_t)facts.st_size;
    return 0;
}

SND_PCM_PLUGIN_DEFINE_FUNC(isrtest)
{
    const char *directory = NULL, *own = NULL, *rates = "48000", *channels = "2", *formats = "S16_LE";
    const char *buffer = "64 8388608", *epoch = "0", *infile = "";
    long bits = 16, granularity = 48, wallclock = 0;
    double ppm = 0;
    snd_config_iterator_t i, next;
    (void)root;
    snd_config_for_each(i, next, conf) {
        snd_config_t *n = snd_config_iterator_entry(i);
        const char *id;
        int err = 0;
        if (snd_config_get_id(n, &id) < 0 || !strcmp(id, "comment") || !strcmp(id, "type") || !strcmp(id, "hint"))
            continue;
        if (!strcmp(id, "directory"))
            err = snd_config_get_string(n, &directory);
        else if (!strcmp(id, "name"))
            err = snd_config_get_string(n, &own);
        else if (!strcmp(id, "rates"))
            err = snd_config_get_string(n, &rates);
        else if (!strcmp(id, "channels"))
            err = snd_config_get_string(n, &channels);
        else if (!strcmp(id, "formats"))
            err = snd_config_get_string(n, &formats);
        else if (!strcmp(id, "buffer_bytes"))
            err = snd_config_get_string(n, &buffer);
        else if (!strcmp(id, "epoch"))
            err = snd_config_get_string(n, &epoch);
        else if (!strcmp(id, "infile"))
            err = snd_config_get_string(n, &infile);
        else if (!strcmp(id, "bits"))
            err = snd_config_get_integer(n, &bits);
        else if (!strcmp(id, "granularity"))
            err = snd_config_get_integer(n, &granularity);
        else if (!strcmp(id, "wallclock"))
            err = snd_config_get_integer(n, &wallclock);
        else if (!strcmp(id, "ppm"))
            err = snd_config_get_ireal(n, &ppm);
        else
            err = -EINVAL;
        if (err < 0) {
            SNDERR("isrtest: %s is unknown or wrong", id);
            return err;
        }
    }
    if (!directory || !own || stream != SND_PCM_STREAM_CAPTURE || (bits != 16 && bits != 24) || granularity < 1)
        return -EINVAL;

    struct mic *m = calloc(1, sizeof *m);
    if (!m)
        return -ENOMEM;
    snprintf(m->state_path, sizeof m->state_path, "%s/%s.state", directory, own);
    snprintf(m->once_path, sizeof m->once_path, "%s/%s.once", directory, own);
    m->bits = (unsigned)bits;
    m->ppm = ppm;
    m->granularity = (unsigned)granularity;
    m->epoch = strtoull(epoch, NULL, 10);
    m->avail_min = 1;
    static const int refusals[] = {[NODEV] = -ENODEV, [BUSY] = -EBUSY, [ACCESS] = -EACCES, [SILENCE] = 0};
    int err = refusals[standing_of(m->state_path)];
    if (!err && *infile)
        err = map(m, infile);
    if (err < 0) {
        free(m);
        return err;
    }
    m->io.version = SND_PCM_IOPLUG_VERSION;
    m->io.name = "Counting test microphone";
    m->io.flags = SND_PCM_IOPLUG_FLAG_BOUNDARY_WA | (wallclock ? 0 : SND_PCM_IOPLUG_FLAG_MONOTONIC);
    m->io.callback = &callbacks;
    m->io.private_data = m;
    m->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    m->io.poll_events = POLLIN;
    err = snd_pcm_ioplug_create(&m->io, name, stream, mode);
    if (err < 0) {
        mic_close(&m->io);
        return err;
    }
    err = constrain(&m->io, rates, channels, formats, buffer);
    if (err < 0) {
        /* Closes it, too. */
        snd_pcm_ioplug_delete(&m->io);
        return err;
    }
    *pcmp = m->io.pcm;
    return 0;
}

SND_PCM_PLUGIN_SYMBOL(isrtest);
