/* Preloaded, has libasound see the soundcards of a text file, which ISR_FAKE_CARDS names: open and ioctl answer for
 * /dev/snd as the kernel would (sound/asound.h), everything else goes its way. The file is read anew at each open, so that
 * cards come, go and change their numbers as it does. Lines, \n \e \\ and \xHH as in C:
 *
 *   card|NUMBER|ID|NAME|LONG NAME
 *   pcm|NUMBER|NAME|STATE|FORMATS|RATES|CHANNELS      of the card above
 *
 * STATE: ok, playback (does not capture), or the errno that opening it ends with (EBUSY, EACCES, ENODEV). FORMATS are numbers
 * of SNDRV_PCM_FORMAT, RATES are in Hz, both with commas; CHANNELS is LEAST-MOST. Devices can be asked, but give no sound.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <sound/asound.h>

#define MOST 32
#define MOST_FD 4096

struct device { int number, error, captures, formats[MOST], format_count, least, most; unsigned rates[MOST]; int rate_count; char name[64]; };
struct card { int number, device_count; char id[16], name[32], long_name[80]; struct device devices[8]; };

/* What an open file stands for; 0 is nothing of ours. A copy, as the driver of a card that is gone keeps its own. */
struct opened { int is_control; struct card card; struct device device; };
static struct opened *files[MOST_FD];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void copy(char *to, size_t room, const char *from)
{
    size_t n = 0;
    for (; *from && n + 1 < room; from++) {
        if (*from != '\\') { to[n++] = *from; continue; }
        char hex[3] = { 0 };
        switch (*++from) {
        case 'n': to[n++] = '\n'; break;
        case 'e': to[n++] = '\033'; break;
        case 'x': hex[0] = from[1]; hex[1] = from[2]; to[n++] = (char)strtol(hex, NULL, 16); from += 2; break;
        default: to[n++] = *from;
        }
    }
    to[n] = 0;
}

static char *part(char **line) { char *word = strsep(line, "|"); return word ? word : ""; }

static void read_device(char *line, struct device *device)
{
    static const struct { const char *name; int error; } errors[] = { { "EBUSY", EBUSY }, { "EACCES", EACCES }, { "ENODEV", ENODEV } };
    device->number = atoi(part(&line));
    copy(device->name, sizeof device->name, part(&line));
    char *state = part(&line), *formats = part(&line), *rates = part(&line), *channels = part(&line), *word;
    device->captures = strcmp(state, "playback") != 0;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (!strcmp(state, errors[i].name)) device->error = errors[i].error;
    while ((word = strsep(&formats, ",")) && device->format_count < MOST) device->formats[device->format_count++] = atoi(word);
    while ((word = strsep(&rates, ",")) && device->rate_count < MOST) device->rates[device->rate_count++] = (unsigned)atoi(word);
    device->least = device->most = atoi(channels);
    if ((word = strchr(channels, '-'))) device->most = atoi(word + 1);
}

static int find_card(int number, struct card *found)
{
    const char *path = getenv("ISR_FAKE_CARDS");
    FILE *file = path ? fopen(path, "re") : NULL;
    char text[2048];
    int is_there = 0, is_this = 0;
    memset(found, 0, sizeof *found);
    while (file && fgets(text, sizeof text, file)) {
        char *line = text;
        text[strcspn(text, "\n")] = 0;
        const char *kind = part(&line);
        if (!strcmp(kind, "card")) {
            is_this = atoi(part(&line)) == number;
            if (!is_this) continue;
            is_there = 1;
            found->number = number;
            copy(found->id, sizeof found->id, part(&line));
            copy(found->name, sizeof found->name, part(&line));
            copy(found->long_name, sizeof found->long_name, part(&line));
        } else if (!strcmp(kind, "pcm") && is_this && found->device_count < 8) {
            read_device(line, &found->devices[found->device_count++]);
        }
    }
    if (file) fclose(file);
    return is_there;
}

static struct device *find_device(struct card *card, int number)
{
    for (int i = 0; i < card->device_count; i++)
        if (card->devices[i].number == number) return &card->devices[i];
    return NULL;
}

/* -2 when the path is none of ours. */
static int open_card(const char *path)
{
    int number, device = 0;
    char end = 0, direction = 0;
    const int is_control = sscanf(path, "/dev/snd/controlC%d%c", &number, &end) == 1;
    if (!is_control && sscanf(path, "/dev/snd/pcmC%dD%d%c", &number, &device, &direction) != 3) return -2;
    struct opened *opened = calloc(1, sizeof *opened);
    struct device *found = NULL;
    int error = opened ? 0 : ENOMEM;
    if (!error && !find_card(number, &opened->card)) error = ENOENT;
    if (!error && !is_control) {
        found = find_device(&opened->card, device);
        error = !found || (direction == 'c' && !found->captures) ? ENOENT : found->error;
    }
    /* Something that cannot be mapped: libasound then asks by ioctl where the stream is. */
    const int fd = error ? -1 : eventfd(0, EFD_CLOEXEC);
    if (fd < 0 || fd >= MOST_FD) {
        free(opened);
        errno = error ? error : EMFILE;
        return -1;
    }
    opened->is_control = is_control;
    if (found) opened->device = *found;
    pthread_mutex_lock(&lock);
    free(files[fd]);
    files[fd] = opened;
    pthread_mutex_unlock(&lock);
    return fd;
}

#define OPEN(function)                                                              \
    int function(const char *path, int flags, ...)                                  \
    {                                                                               \
        static int (*real)(const char *, int, ...);                                 \
        mode_t mode = 0;                                                            \
        if (flags & (O_CREAT | __O_TMPFILE)) {                                      \
            va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); \
        }                                                                           \
        const int fd = open_card(path);                                             \
        if (fd != -2) return fd;                                                    \
        if (!real) real = dlsym(RTLD_NEXT, #function);                              \
        return real(path, flags, mode);                                             \
    }
OPEN(open)
OPEN(open64)
int __open_2(const char *path, int flags) { return open(path, flags); }
int __open64_2(const char *path, int flags) { return open64(path, flags); }

int close(int fd)
{
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "close");
    if (fd >= 0 && fd < MOST_FD) {
        pthread_mutex_lock(&lock);
        free(files[fd]);
        files[fd] = NULL;
        pthread_mutex_unlock(&lock);
    }
    return real(fd);
}

static int fail(int error) { errno = error; return -1; }

#define PUT(field, text) snprintf((char *)(field), sizeof(field), "%s", text)

static void tell(struct snd_pcm_info *info, const struct card *card, const struct device *device)
{
    info->card = card->number;
    info->device = (unsigned)device->number;
    info->stream = SNDRV_PCM_STREAM_CAPTURE;
    info->subdevices_count = info->subdevices_avail = 1;
    PUT(info->id, device->name);
    PUT(info->name, device->name);
    PUT(info->subname, "subdevice #0");
}

static int ask_control(struct card *card, unsigned long request, void *argument)
{
    switch (request) {
    case SNDRV_CTL_IOCTL_PVERSION: *(int *)argument = SNDRV_CTL_VERSION; return 0;
    case SNDRV_CTL_IOCTL_CARD_INFO: {
        struct snd_ctl_card_info *info = argument;
        memset(info, 0, sizeof *info);
        info->card = card->number;
        PUT(info->id, card->id);
        PUT(info->driver, "Fake");
        PUT(info->name, card->name);
        PUT(info->longname, card->long_name);
        return 0;
    }
    case SNDRV_CTL_IOCTL_PCM_NEXT_DEVICE: {
        int *next = argument, last = *next;
        *next = -1;
        for (int i = 0; i < card->device_count; i++)
            if (card->devices[i].number > last && (*next < 0 || card->devices[i].number < *next)) *next = card->devices[i].number;
        return 0;
    }
    case SNDRV_CTL_IOCTL_PCM_INFO: {
        struct snd_pcm_info *info = argument;
        struct device *device = find_device(card, (int)info->device);
        if (!device) return fail(ENXIO);
        if ((info->stream == SNDRV_PCM_STREAM_CAPTURE) != device->captures) return fail(ENOENT);
        tell(info, card, device);
        return 0;
    }
    case SNDRV_CTL_IOCTL_PCM_PREFER_SUBDEVICE: return 0;
    default: return fail(ENOTTY);
    }
}

/* The least and greatest of the values that lie within; nothing fits when there is none. */
static int narrow(struct snd_interval *interval, const unsigned *values, int count)
{
    unsigned least = 0, most = 0;
    int fits = 0;
    for (int i = 0; i < count; i++) {
        if (values[i] < interval->min || values[i] > interval->max) continue;
        if (!fits || values[i] < least) least = values[i];
        if (!fits || values[i] > most) most = values[i];
        fits = 1;
    }
    interval->min = least;
    interval->max = most;
    interval->openmin = interval->openmax = 0;
    interval->integer = 1;
    interval->empty = !fits;
    return fits;
}

static int refine(const struct device *device, struct snd_pcm_hw_params *parameters)
{
    struct snd_mask *formats = &parameters->masks[SNDRV_PCM_HW_PARAM_FORMAT - SNDRV_PCM_HW_PARAM_FIRST_MASK], able = { { 0 } };
    struct snd_interval *intervals = parameters->intervals - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL;
    unsigned channels[MOST];
    int channel_count = 0, any = 0;
    for (int i = 0; i < device->format_count; i++) able.bits[device->formats[i] / 32] |= 1u << device->formats[i] % 32;
    for (size_t i = 0; i < sizeof able.bits / sizeof *able.bits; i++) any |= (formats->bits[i] &= able.bits[i]) != 0;
    for (int count = device->least; count <= device->most && channel_count < MOST; count++) channels[channel_count++] = (unsigned)count;
    parameters->cmask |= parameters->rmask;
    parameters->rmask = 0;
    if (!any || !narrow(&intervals[SNDRV_PCM_HW_PARAM_RATE], device->rates, device->rate_count)
        || !narrow(&intervals[SNDRV_PCM_HW_PARAM_CHANNELS], channels, channel_count)) return fail(EINVAL);
    return 0;
}

static int ask_device(struct opened *opened, unsigned long request, void *argument)
{
    if (_IOC_NR(request) == _IOC_NR(SNDRV_PCM_IOCTL_SYNC_PTR)) return 0;
    switch (request) {
    case SNDRV_PCM_IOCTL_PVERSION: *(int *)argument = SNDRV_PCM_VERSION; return 0;
    case SNDRV_PCM_IOCTL_INFO:
        memset(argument, 0, sizeof(struct snd_pcm_info));
        tell(argument, &opened->card, &opened->device);
        return 0;
    case SNDRV_PCM_IOCTL_USER_PVERSION: case SNDRV_PCM_IOCTL_TTSTAMP: case SNDRV_PCM_IOCTL_HW_FREE: return 0;
    case SNDRV_PCM_IOCTL_HW_REFINE: return refine(&opened->device, argument);
    default: return fail(ENOTTY);
    }
}

int ioctl(int fd, unsigned long request, ...)
{
    static int (*real)(int, unsigned long, ...);
    va_list more;
    va_start(more, request);
    void *argument = va_arg(more, void *);
    va_end(more);
    struct opened *opened = NULL;
    if (fd >= 0 && fd < MOST_FD) {
        pthread_mutex_lock(&lock);
        opened = files[fd];
        pthread_mutex_unlock(&lock);
    }
    if (opened) return opened->is_control ? ask_control(&opened->card, request, argument) : ask_device(opened, request, argument);
    if (!real) real = dlsym(RTLD_NEXT, "ioctl");
    return real(fd, request, argument);
}
