// Leads the host names of the drill's clusters to this machine. Loaded before a program is.
const dns = require("node:dns");

const DOMAIN = ".drill.internal";
const { lookup } = dns;

dns.lookup = (name, ...rest) => lookup(name.endsWith(DOMAIN) ? "127.0.0.1" : name, ...rest);
