"""Makes land.txt from world-atlas 2.0.2 (npm; ISC; Natural Earth, public domain).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 make_land.py package/countries-50m.json > land.txt

Every arc of the topology (a coast or a border, once) is a line of `lon,lat` in tenths of a degree; the
first point is absolute, the others are steps. Points nearer than a tenth of a degree fall together.
"""
import json, sys

topology = json.load(open(sys.argv[1]))
(kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
lines = []
for arc in topology["arcs"]:
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        point = round((x * kx + tx) * 10), round((y * ky + ty) * 10)
        if not points or points[-1] != point:
            points.append(point)
    if len(points) < 2:
        continue
    steps = [points[0]] + [(b[0] - a[0], b[1] - a[1]) for a, b in zip(points, points[1:])]
    lines.append(" ".join(f"{a},{b}" for a, b in steps))
print("\n".join(sorted(lines)))
