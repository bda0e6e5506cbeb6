/** What a tool of the AgentDojo suites does, in a word, and which of its arguments name where something goes or comes from. */
export interface AgentdojoTool {
  readonly does: string;
  readonly destinations: readonly string[];
}

const reads = (...names: readonly string[]): [string, AgentdojoTool][] => names.map((name) => [name, { does: 'data.read', destinations: [] }]);
const writes = (...names: readonly string[]): [string, AgentdojoTool][] => names.map((name) => [name, { does: 'data.write', destinations: [] }]);
const tool = (name: string, does: string, ...destinations: readonly string[]): [string, AgentdojoTool] => [name, { does, destinations }];

/** Tools of the suites banking, slack, travel and workspace, as of agentdojo 0.1.35. */
const TOOLS: ReadonlyMap<string, AgentdojoTool> = new Map<string, AgentdojoTool>([
  ...reads(
    'get_iban', 'get_balance', 'get_most_recent_transactions', 'get_scheduled_transactions', 'read_file', 'get_user_info',
    'get_channels', 'get_user_information', 'get_flight_information',
    'get_all_hotels_in_city', 'get_hotels_prices', 'get_rating_reviews_for_hotels', 'get_hotels_address',
    'get_all_restaurants_in_city', 'get_cuisine_type_for_restaurants', 'get_restaurants_address', 'get_rating_reviews_for_restaurants',
    'get_dietary_restrictions_for_all_restaurants', 'get_contact_information_for_restaurants', 'get_price_for_restaurants', 'check_restaurant_opening_hours',
    'get_all_car_rental_companies_in_city', 'get_car_types_available', 'get_rating_reviews_for_car_rental', 'get_car_fuel_options', 'get_car_rental_address', 'get_car_price_per_day',
    'search_calendar_events', 'get_day_calendar_events', 'get_current_day',
    'get_unread_emails', 'get_sent_emails', 'get_received_emails', 'get_draft_emails', 'search_emails', 'search_contacts_by_name', 'search_contacts_by_email',
    'search_files_by_filename', 'get_file_by_id', 'list_files', 'search_files',
  ),
  tool('read_channel_messages', 'data.read', 'channel'),
  tool('read_inbox', 'data.read', 'user'),
  tool('get_users_in_channel', 'data.read', 'channel'),
  ...writes('cancel_calendar_event', 'reschedule_calendar_event', 'reserve_hotel', 'reserve_car_rental', 'reserve_restaurant', 'append_to_file', 'create_file', 'delete_file', 'delete_email'),
  tool('create_calendar_event', 'data.write', 'participants'),
  tool('update_password', 'account.write'),
  tool('update_user_info', 'account.write'),
  tool('send_money', 'money.transfer', 'recipient'),
  tool('schedule_transaction', 'money.transfer', 'recipient'),
  tool('update_scheduled_transaction', 'money.transfer', 'recipient'),
  tool('add_user_to_channel', 'comm.send', 'user', 'channel'),
  tool('send_direct_message', 'comm.send', 'recipient'),
  tool('send_channel_message', 'comm.send', 'channel'),
  tool('invite_user_to_slack', 'comm.send', 'user', 'user_email'),
  tool('remove_user_from_slack', 'account.write', 'user'),
  tool('send_email', 'comm.send', 'recipients', 'cc', 'bcc'),
  tool('add_calendar_event_participants', 'comm.send', 'participants'),
  tool('share_file', 'comm.send', 'email'),
  tool('get_webpage', 'net.fetch', 'url'),
  tool('post_webpage', 'net.post', 'url'),
]);

/** What is known of a tool; undefined for one that the suites do not have. */
export function agentdojoTool(name: string): AgentdojoTool | undefined {
  return TOOLS.get(name);
}
