/** The text of a table that a spreadsheet has saved: UTF-8, or what older programs on Windows write. */
export async function textOfTable(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
