// Nothing but the SDKs: what any program that imports them pays before its first line.
for (const name of process.argv.slice(2)) require(name);
