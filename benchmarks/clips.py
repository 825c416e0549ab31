"""clips.py PORT ROUNDS: a clip of 10 s at 55:00 of each recording that the server on PORT lists, over one connection:
the first (no decoder runs yet), and the least and the median of ROUNDS that follow."""
import http.client
import json
import statistics
import sys
import time

port, rounds = int(sys.argv[1]), int(sys.argv[2])
connection = http.client.HTTPConnection("127.0.0.1", port)


def ask(path):
    start = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {body[:200]!r}")
    return 1000 * (time.perf_counter() - start), body


names = sorted(item["name"] for item in json.loads(ask("/api/files")[1]))
print("| file | first, ms | least, ms | median, ms |")
print("|---|---|---|---|")
for name in names:
    path = f"/api/clip?file={name}&start=3300&end=3310"
    first = ask(path)[0]
    times = [ask(path)[0] for _ in range(rounds)]
    print(f"| {name} | {first:.1f} | {min(times):.1f} | {statistics.median(times):.1f} |")
