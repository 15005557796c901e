#!/usr/bin/env python3
"""Holds the dependency rule: a folder of src/ includes only the folders that its CMakeLists.txt names in USES.

usage: check_layers.py [SOURCE_DIR]

Prints each #include that breaks the rule and exits with 1; also finds cycles, headers of the machine above hw/,
and applications that reach below the public API.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
MODULE = re.compile(r"joulery_module\(\s*(\w+)(.*?)\)", re.S)
KEYWORDS = {"USES", "LINKS", "SOURCES", "TESTS", "TEST_LINKS"}
# Public headers that do not have their folder's name.
PUBLIC_OWNER = {"units": "base", "result": "base", "export": "base", "gpu": "hw"}
# Only hw/ opens vendor libraries.
MACHINE_ONLY_IN_HW = re.compile(r"\bdlopen\s*\(")
# Modules of the library itself (HDF5, HTTP) are opened by base/module.cc.
DLOPEN_ALLOWED = {"hw", "base"}


def read_modules(src):
    uses = {}
    for listing in sorted(src.glob("*/CMakeLists.txt")):
        for name, body in MODULE.findall(listing.read_text()):
            words, current = body.split(), None
            uses[name] = set()
            for word in words:
                if word in KEYWORDS:
                    current = word
                elif current == "USES":
                    uses[name].add(word)
    return uses


def find_cycle(uses):
    done, path = set(), []

    def visit(name):
        if name in path:
            return path[path.index(name):] + [name]
        if name in done:
            return None
        path.append(name)
        for used in sorted(uses.get(name, ())):
            cycle = visit(used)
            if cycle:
                return cycle
        path.pop()
        done.add(name)
        return None

    for name in sorted(uses):
        cycle = visit(name)
        if cycle:
            return cycle
    return None


def owner_of(header):
    parts = header.split("/")
    if parts[0] == "joulery":
        stem = parts[-1].removesuffix(".h")
        return PUBLIC_OWNER.get(stem, stem)
    return parts[0] if len(parts) > 1 else None


def includes(path):
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1)


def sources(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in {".cc", ".h", ".c"})


def check_folder(root, name, allowed, problems):
    public = root / "include" / "joulery" / f"{name}.h"
    for path in sources(root / "src" / name) + ([public] if public.is_file() else []):
        is_test = path.stem.endswith("_test") or path.stem.startswith("fake_")
        for number, header in includes(path):
            owner = owner_of(header)
            fake = pathlib.PurePath(header).name.startswith("fake_")
            if owner is None or owner == name or owner in allowed or (is_test and fake):
                continue
            if is_test and owner == "standin":
                continue
            problems.append(f"{path.relative_to(root)}:{number}: {name} may not use {owner} ({header})")
        if name not in DLOPEN_ALLOWED and not is_test and MACHINE_ONLY_IN_HW.search(path.read_text()):
            problems.append(f"{path.relative_to(root)}: opens a library; only hw/ touches the machine")


def check_apps(root, uses, problems):
    for folder in ("apps", "bindings"):
        for path in sources(root / folder) if (root / folder).is_dir() else []:
            for number, header in includes(path):
                owner = owner_of(header)
                if header.startswith("joulery/") or owner in {None, "base"} or owner not in uses:
                    continue
                problems.append(f"{path.relative_to(root)}:{number}: {folder} live on include/joulery/ ({header})")


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent)
    uses = read_modules(root / "src")
    problems = []
    cycle = find_cycle(uses)
    if cycle:
        problems.append("cycle: " + " -> ".join(cycle))
    for name in sorted(uses):
        for used in sorted(uses[name] - uses.keys()):
            problems.append(f"src/{name}/CMakeLists.txt: no such folder: {used}")
        check_folder(root, name, uses[name], problems)
    for folder in sorted(p.name for p in (root / "src").iterdir() if p.is_dir() and p.name not in uses):
        problems.append(f"src/{folder}: has no joulery_module()")
    check_apps(root, uses, problems)
    print("\n".join(problems) if problems else f"layers: {len(uses)} folders, no include breaks the rule")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
