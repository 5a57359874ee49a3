#!/usr/bin/env python3
"""Cuts people.tsv from the name lists of Faker (PyPI, MIT).

    pip download --no-deps faker==40.63.0
    python3 make_people.py faker-40.63.0-py3-none-any.whl people.tsv

Given names (1), family names (2) or both (3) of every locale, in Latin letters without diacritics and in Arabic letters; single
words and the short compounds of Arabic ("عبد الله"). Sorted, so that the same wheel gives the same bytes.
"""
import ast, re, sys, unicodedata, zipfile

LATIN = re.compile(r"[A-Z][a-z'-]+(?:-[A-Z][a-z]+)?$")
ARABIC = re.compile(r"[\u0621-\u064a\u067e\u0686\u06a9\u06af\u06cc]+(?: [\u0621-\u064a]+){0,2}$")
TABLE = str.maketrans({"ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ə": "a", "Ə": "A", "ß": "ss"})

def plain(name):
    if ARABIC.match(name): return name
    name = "".join(c for c in unicodedata.normalize("NFD", name.translate(TABLE)) if not unicodedata.combining(c))
    return name if LATIN.match(name) and len(name) > 2 else None

def strings(node):
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]

def main(wheel, out):
    kinds = {}
    z = zipfile.ZipFile(wheel)
    for path in z.namelist():
        if not re.fullmatch(r"faker/providers/person/\w+/__init__\.py", path): continue
        for node in ast.walk(ast.parse(z.read(path).decode())):
            if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None: continue
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            label = getattr(target, "id", "")
            kind = 1 if "first_name" in label else 2 if "last_name" in label or "surname" in label else 0
            if kind:
                for name in strings(node.value):
                    if plain(name): kinds[plain(name)] = kinds.get(plain(name), 0) | kind
    with open(out, "w", encoding="utf8") as f:
        f.write("# name\tkinds: 1 given, 2 family, 3 both. Cut from Faker 40.63.0 (PyPI, MIT) by make_people.py; do not edit.\n")
        for name in sorted(kinds): f.write(f"{name}\t{kinds[name]}\n")

main(*sys.argv[1:])
