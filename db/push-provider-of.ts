/**
 * Joins of a statement that has `transactions t`: `push_configurations c` is what its phone is reached by, as things are
 * configured now; null columns where there is none.
 */
export const JOIN_PUSH_CONFIGURATION = `
  left join enrolments e on e.id = t.enrolment_id
  left join devices d on d.id = e.device_id
  left join applications a on a.id = e.application_id
  left join app_versions v on v.application_id = a.id and v.platform = d.platform and v.version = e.app_version
  left join push_configurations c on c.id = coalesce(v.push_configuration_id,
    case d.platform when 'ios' then a.ios_push_configuration_id else a.android_push_configuration_id end)`;
