import { expect, it } from "vitest";
import { textOfTable } from "./table-file";

const file = (...bytes: number[]) =>
  ({ arrayBuffer: () => Promise.resolve(new Uint8Array(bytes).buffer) }) as unknown as Blob;

it.each([
  ["UTF-8", [0x4a, 0xc3, 0xbc, 0x72, 0x67], "Jürg"],
  ["UTF-8 with a mark", [0xef, 0xbb, 0xbf, 0x4a, 0xc3, 0xbc], "Jü"],
  ["Windows' own", [0x4a, 0xfc, 0x72, 0x67], "Jürg"],
])("a table in %s is read", async (_, bytes, text) => {
  expect(await textOfTable(file(...bytes))).toBe(text);
});
