import type { DashboardBodyArgs } from "./dashboardArgs";
import { commits, connections, databaseLoad, lag, replicationLoad } from "./databaseWidgets";
import { answered, counted, failures, latency, share, targets, throughput } from "./paymentWidgets";
import { controller, decisions, serviceLoad, tasks } from "./serviceWidgets";
import { type Content, layOut, type Row, type Widget } from "./widgets";

export interface DashboardBody {
  start: string;
  /** `inherit`: a graph keeps its period however much time is shown. */
  periodOverride: "inherit";
  widgets: Widget[];
}

/** From the question whether payments are well, at the top, down to why they are not. */
export function dashboardBody(args: DashboardBodyArgs): DashboardBody {
  const rows: Row[] = [
    { height: 5, contents: [alarms(args)] },
    { height: 6, contents: [share(args), throughput(args), failures(args)] },
    { height: 6, contents: [counted(args), answered(args)] },
    { height: 6, contents: [latency(args), targets(args), tasks(args)] },
    { height: 6, contents: [lag(args), replicationLoad(args), serviceLoad(args)] },
    { height: 6, contents: [databaseLoad(args), connections(args), commits(args)] },
    { height: 8, contents: [controller(args), decisions(args)] },
  ];
  return { start: "-PT3H", periodOverride: "inherit", widgets: layOut(rows) };
}

function alarms({ alarmArns }: DashboardBodyArgs): Content {
  const properties = { title: "Alarms", alarms: alarmArns, sortBy: "stateUpdatedTimestamp" };
  return { type: "alarm", width: 24, properties };
}
