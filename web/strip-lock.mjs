// Takes every host out of package-lock.json: the integrity hashes stay, `npm ci` asks whatever registry it is set to.
import fs from "node:fs";

const path = new URL("./package-lock.json", import.meta.url);
const lock = JSON.parse(fs.readFileSync(path, "utf8"));
for (const entry of Object.values(lock.packages)) {
  delete entry.funding;
  delete entry.resolved;
}
fs.writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
