#!/usr/bin/env python3
"""docs/performance.md out of benchmarks/results/*.md: every figure there is one of these files.

performance.py           writes it
performance.py --check   says, with exit code 1, when it is not what the files give
"""
import os, re, sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESULTS = os.path.join(ROOT, 'benchmarks', 'results')
PAGE = os.path.join(ROOT, 'docs', 'performance.md')

# In the order of the page. A result that is not here has no place there, and is a mistake.
ORDER = ['load', 'streams', 'soak', 'capture', 'analysis', 'cut', 'ranges', 'archive', 'verify', 'page', 'framing', 'levels', 'sections']

HEAD = '''# Performance

Made by `./bench.sh all`, which measures one thing after the other with nothing beside, from the files in `benchmarks/results`; not to be edited. Each says by which
command it was measured, where and when. Absolute times are of that machine; ratios to the named peers were measured in the same run. What was measured otherwise is
in [measurements.md](measurements.md), what faults cost in [reliability.md](reliability.md).
'''


def result(name):
    """The file with its headings a level lower, or None."""
    path = os.path.join(RESULTS, name + '.md')
    if not os.path.exists(path):
        return None
    with open(path, encoding='utf-8') as file:
        return re.sub(r'^#', '##', file.read().strip(), flags=re.MULTILINE)


def anchor(heading):
    return re.sub(r'[^\w -]', '', heading.lower()).replace(' ', '-')


def page():
    known = set(ORDER) | {'machine'}
    strays = sorted(name for name in os.listdir(RESULTS) if name.removesuffix('.md') not in known)
    if strays:
        sys.exit(f'benchmarks/results/{strays[0]} has no place in docs/performance.md: name it in benchmarks/performance.py, or delete it')
    parts = [text for text in map(result, ORDER) if text]
    headings = [text.split('\n', 1)[0].lstrip('# ') for text in parts]
    machine = result('machine')
    contents = '\n'.join(f'- [{h}](#{anchor(h)})' for h in headings)
    return '\n'.join([HEAD, contents, '', *(['## The machine', '', machine, ''] if machine else []), '\n\n'.join(parts), ''])


text = page()
if sys.argv[1:] == ['--check']:
    with open(PAGE, encoding='utf-8') as file:
        if file.read() != text:
            sys.exit('docs/performance.md is not what benchmarks/results/*.md give: ./bench.sh performance writes it anew')
elif not sys.argv[1:]:
    with open(PAGE, 'w', encoding='utf-8') as file:
        file.write(text)
else:
    sys.exit(__doc__)
