import { createHandler } from "../../lambdas/switchover/handler";
import { serveEvents } from "./sandbox";

/** A process of the function that moves the database writer. */
serveEvents(createHandler(process.env));
