// SPDX-License-Identifier: MIT
#include "guesttools.h"

#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

constexpr std::string_view tsxProgram = R"(#!/bin/sh
# Runs TypeScript: tsx FILE [ARGUMENT...], tsx -e CODE.
need() {
  command -v "$1" >/dev/null 2>&1 && return
  echo "tsx: '$1' is not installed here. Install it with: apt update && apt install -y $2" >&2
  exit 127
}
need node nodejs
need esbuild esbuild
exec node /opt/voidrun/lib/tsx.mjs "$@"
)";

// esbuild translates, node runs. The result stands beside the source for the time of the run, so
// that packages are found from there.
constexpr std::string_view tsxModule = R"(import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

function fail(text) {
  console.error(`tsx: ${text}`);
  process.exit(2);
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const [first, ...rest] = process.argv.slice(2);
const isCode = first === '-e' || first === '--eval';
if (!first || (first.startsWith('-') && !isCode))
  fail('usage: tsx FILE [ARGUMENT...] or tsx -e CODE');
if (isCode && rest.length === 0)
  fail('-e needs the code');
const source = path.resolve(isCode ? '[eval].ts' : first);
if (!isCode && !existsSync(source))
  fail(`there is no file ${source}`);

const folder = path.dirname(source);
const output = path.join(isWritable(folder) ? folder : tmpdir(), `.tsx-${process.pid}.mjs`);
process.on('exit', () => rmSync(output, { force: true }));

const address = JSON.stringify(pathToFileURL(source).href);
const translated = spawnSync('esbuild', [
  ...(isCode ? ['--loader=ts', '--sourcefile=[eval].ts'] : [source]),
  '--bundle', '--platform=node', '--packages=external', '--format=esm',
  `--target=node${process.versions.node}`, '--sourcemap=inline', '--log-level=warning',
  `--define:import.meta.url=${address}`, `--outfile=${output}`,
], { input: isCode ? rest.shift() : '', stdio: ['pipe', 'inherit', 'inherit'] });
if (translated.error)
  fail(translated.error.message);
if (translated.status !== 0)
  process.exit(1);

// What programs in the older module style expect.
globalThis.require = createRequire(source);
globalThis.__filename = source;
globalThis.__dirname = folder;
process.argv = [process.argv[0], ...(isCode ? [] : [source]), ...rest];
process.setSourceMapsEnabled(true);
await import(pathToFileURL(output).href);
)";

}  // namespace

void placeFile(const fs::path &path, std::string_view content, fs::perms mode)
{
    fs::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << content;
    if (!file.flush())
        throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(), path.string());
    fs::permissions(path, mode);
}

void placeGuestTools(const fs::path &root)
{
    const fs::path top = root / "opt/voidrun";
    placeFile(top / "bin/tsx", tsxProgram, fs::perms(0755));
    placeFile(top / "lib/tsx.mjs", tsxModule);
}

}  // namespace voidrun
