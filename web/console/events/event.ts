/** An event as the vendor's events API shows it. */
export interface EventItem {
  readonly event_identifier: string;
  /** To be read by people. */
  readonly event_name: string;
  readonly event_type: string;
  readonly client_id: string | null;
  readonly app_name: string | null;
  readonly transaction_id: string | null;
  readonly user_id: string | null;
  readonly client_ip: string | null;
  readonly user_agent: string | null;
  readonly event_agent_user: string | null;
  readonly event_details: Readonly<Record<string, unknown>>;
  /** Epoch ms. */
  readonly occurred: number;
}

export interface EventPage {
  readonly result_set: readonly EventItem[];
  readonly pagination: {
    readonly total_results: number;
    readonly range_start: number;
    readonly range_end: number;
    readonly previous_page: number | null;
    readonly next_page: number | null;
  };
}
