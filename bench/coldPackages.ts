import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import * as zlib from "node:zlib";
import { type BuildOptions, buildSync } from "esbuild";

const PROJECT = path.dirname(__dirname);

/** One way to package the controller. */
export interface Package {
  title: string;
  /** What a runtime requires. */
  file: string;
  bytes: number;
  gzipBytes: number;
  zipBytes: number;
}

/** What a deployment makes, and the variables that it sets. */
export interface Deployed {
  files: { [name: string]: string };
  variables: { [name: string]: string };
}

export const SERIALIZED = "serialized by Pulumi";
export const SDK_EXTERNAL = "esbuild, SDK external";
export const SDK_BUNDLED = "esbuild, SDK bundled, minified";

/** From a process of its own: the serializer leaves out what has the name of a global. */
export function deployed(): Deployed {
  const program = ["-r", "./tools/node/fast-start.cjs", "bench/controller.ts"];
  const options = { cwd: PROJECT, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 } as const;
  return JSON.parse(execFileSync(process.execPath, program, options));
}

/** The packages on disk, below a folder from which only the SDK of the project can be required. */
export function makePackages({ files }: Deployed, folder: string): Package[] {
  const modules = path.join(folder, "node_modules");
  fs.mkdirSync(modules, { recursive: true });
  fs.symlinkSync(path.join(PROJECT, "node_modules", "@aws-sdk"), path.join(modules, "@aws-sdk"));
  const [name, ...others] = Object.keys(files);
  if (name === undefined || others.length > 0) throw new Error("the package is not one file");
  const serialized = path.join(folder, "serialized.js");
  fs.writeFileSync(serialized, files[name] ?? "");
  return [
    sized(SERIALIZED, serialized),
    sized(SDK_EXTERNAL, bundle(folder, "external", { external: ["@aws-sdk/*"] })),
    sized(SDK_BUNDLED, bundle(folder, "bundled", { minify: true })),
  ];
}

function bundle(folder: string, name: string, options: BuildOptions): string {
  const outfile = path.join(folder, `${name}.js`);
  buildSync({
    entryPoints: [path.join(__dirname, "coldHandler.ts")],
    bundle: true,
    platform: "node",
    target: "node20",
    outfile,
    logLevel: "warning",
    ...options,
  });
  return outfile;
}

function sized(title: string, file: string): Package {
  const code = fs.readFileSync(file);
  const gzipBytes = zlib.gzipSync(code, { level: 9 }).length;
  return { title, file, bytes: code.length, gzipBytes, zipBytes: zipped(code, "__index.js") };
}

/** Size of a ZIP file of one deflated entry: local header, data, central directory, its end. */
function zipped(code: Buffer, name: string): number {
  return 30 + name.length + zlib.deflateRawSync(code, { level: 9 }).length + 46 + name.length + 22;
}
