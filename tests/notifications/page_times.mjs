// What the pages say of instants: reads [[iso, zone], ...] from standard input, writes their texts; null: zone unknown here.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const web = process.argv[2];
const typescript = createRequire(join(web, "package.json"))("typescript");
const folder = mkdtempSync(join(tmpdir(), "page-times-"));
try {
  const left = ["zones"];
  for (const name of left) {
    const source = readFileSync(join(web, "src/ui", `${name}.ts`), "utf8");
    const { outputText } = typescript.transpileModule(source, { compilerOptions: { module: "esnext", target: "es2022" } });
    const module = outputText.replaceAll(/from "\.\/([\w-]+)"/g, (_, other) => {
      if (!left.includes(other)) left.push(other);
      return `from "./${other}.mjs"`;
    });
    writeFileSync(join(folder, `${name}.mjs`), module);
  }
  Object.defineProperty(globalThis, "navigator", { value: { language: "en-GB" }, configurable: true });
  const { formatIn } = await import(pathToFileURL(join(folder, "zones.mjs")).href);
  const texts = JSON.parse(readFileSync(0, "utf8")).map(([iso, zone]) => {
    try {
      return formatIn(iso, zone);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  });
  process.stdout.write(JSON.stringify(texts));
} finally {
  rmSync(folder, { recursive: true });
}
