import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(__dirname, "..", "..");
const APP = join(ROOT, "app");
const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), "utf8"));
const run = promisify(execFile);

/**
 * Goal: the image holds what the application needs, in the versions that are tested here.
 * Method: its steps but for the copying. That it can be built is not shown: that takes a container engine.
 */
describe("the image of the payment service", () => {
  const { dependencies, devDependencies } = readJson(APP, "package.json");
  const sources = readdirSync(APP).filter((name) => name.endsWith(".ts"));

  it("has the versions of the repository's lock", () => {
    const { packages } = readJson(ROOT, "package-lock.json");
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      assert.equal(packages[`node_modules/${name}`]?.version, version, name);
  });

  it("has the packages that the application imports, and no others", () => {
    const imported = sources.flatMap((name) => {
      const text = readFileSync(join(APP, name), "utf8");
      return [...text.matchAll(/from "([^".][^"]*)"/g)].map(([, specifier = ""]) => specifier);
    });
    const packages = imported
      .filter((name) => !name.startsWith("node:"))
      .map((name) => (/^(@[^/]+\/)?[^/]+/.exec(name) ?? [""])[0]);
    assert.deepEqual([...new Set(packages)].sort(), Object.keys(dependencies).sort());
    for (const name of packages) assert.ok(!builtinModules.includes(name), `node:${name}`);
  });

  it("has programs that start", async () => {
    const folder = mkdtempSync(join(tmpdir(), "image-"));
    try {
      const compiler = join(ROOT, "node_modules", ".bin", "tsc");
      await run(compiler, ["-p", join(APP, "tsconfig.build.json"), "--outDir", folder]);
      symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
      const compiled = readdirSync(folder).filter((name) => name.endsWith(".js"));
      assert.deepEqual(compiled.sort(), sources.map((name) => name.replace(".ts", ".js")).sort());
      const { PATH = "", NODE_PATH = "" } = process.env;
      for (const program of ["main.js", "migrate.js"])
        await assert.rejects(
          run(process.execPath, [join(folder, program)], { env: { PATH, NODE_PATH } }),
          (error: { code?: number; stderr?: string }) =>
            error.code === 2 && /^wrong environment:\n/.test(error.stderr ?? ""),
        );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("runs as nobody, without a shell, on the processors of the tasks", () => {
    const text = readFileSync(join(APP, "Dockerfile"), "utf8");
    const lines = text.split("\n");
    const last = text.slice(text.lastIndexOf("\nFROM ") + 1).split("\n");
    assert.ok(lines.includes("ARG PLATFORM=linux/arm64"));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Docker's own placeholder
    assert.equal(last[0], "FROM --platform=${PLATFORM} ${NODE_IMAGE}");
    for (const line of ["USER 10001:10001", "EXPOSE 8443", 'CMD ["node", "main.js"]'])
      assert.ok(last.includes(line), line);
    assert.ok(!lines.some((line) => line.startsWith("HEALTHCHECK")));
  });
});
