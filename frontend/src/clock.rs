//! The browser's clock, its timers and its randomness.

use client::rows::Zone;
use js_sys::{Array, Date, Function, Intl::DateTimeFormat, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// How far ahead the changes of the zone are looked up, in milliseconds: two years.
const AHEAD_MS: u64 = 2 * 366 * 86_400_000;

/// 64 bits from the browser's cryptographic source.
pub(crate) fn random_bits() -> u64 {
    let mut bytes = [0_u8; 8];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        let filled = Uint8Array::new_with_length(8);
        if crypto
            .get_random_values_with_array_buffer_view(&filled)
            .is_ok()
        {
            filled.copy_to(&mut bytes);
        }
    }
    u64::from_le_bytes(bytes)
}

/// The wall clock, in milliseconds since the epoch.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the browser's clock, where the page's time comes from"
)]
pub(crate) fn wall_ms() -> u64 {
    whole(Date::now())
}

/// The clock that never jumps, in milliseconds since the page was opened.
pub(crate) fn mono_ms() -> u64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    whole(
        performance
            .map(|performance| performance.now())
            .unwrap_or_default(),
    )
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a clock's milliseconds: positive, far below 2^53"
)]
fn whole(ms: f64) -> u64 {
    ms as u64
}

/// The zone at a time, in minutes east of UTC.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "milliseconds below 2^53; minutes of a day"
)]
fn tz_min_at(at_ms: u64) -> i32 {
    -(Date::new(&JsValue::from_f64(at_ms as f64)).get_timezone_offset() as i32)
}

/// The zone that the browser is in, as its name and its offset just now: while they stay, so does the zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ZoneName {
    /// Minutes east of UTC.
    minutes: i32,
    /// Its name in the IANA database; empty where the browser does not tell.
    name: String,
}

impl ZoneName {
    /// The one of now.
    pub(crate) fn now() -> Self {
        Self {
            minutes: tz_min_at(wall_ms()),
            name: resolved("timeZone").as_string().unwrap_or_default(),
        }
    }
}

/// Whether a time of the browser's locale has twelve hours.
pub(crate) fn hour12() -> bool {
    resolved("hour12").is_truthy()
}

/// A zone's minutes east of UTC just now, by its name; none where the browser does not know it.
pub(crate) fn minutes_in(tz: &str) -> Option<i32> {
    let wants = Object::new();
    // A plain object takes every property.
    let _ = Reflect::set(&wants, &"timeZone".into(), &tz.into());
    let _ = Reflect::set(&wants, &"timeZoneName".into(), &"longOffset".into());
    let now = Date::new_0();
    let says = Reflect::get(&now, &"toLocaleString".into()).ok()?;
    // Called by its name, since it throws for a zone that it does not know.
    let says: Function = says.dyn_into().ok()?;
    let said = says.call2(&now, &"en-US".into(), &wants).ok()?;
    offset(&said.as_string()?)
}

/// From "11/29/2026, 8:12:00 AM GMT+05:30"; plain "GMT" is UTC.
fn offset(said: &str) -> Option<i32> {
    let (_, offset) = said.rsplit_once("GMT")?;
    let (sign, digits) = match offset.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, offset.strip_prefix('+').unwrap_or("0:0")),
    };
    let (hours, minutes) = digits.split_once(':')?;
    Some(sign * (hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?))
}

/// What the browser chose for times of its locale and zone.
fn resolved(name: &str) -> JsValue {
    let wants = Object::new();
    // A plain object takes every property.
    let _ = Reflect::set(&wants, &"hour".into(), &"numeric".into());
    let options = DateTimeFormat::new(&Array::new(), &wants).resolved_options();
    Reflect::get(&options, &name.into()).unwrap_or_default()
}

/// The zone over the years, by the browser's own rules.
pub(crate) fn zone() -> Zone {
    Zone::asked(wall_ms().saturating_add(AHEAD_MS), tz_min_at)
}

/// Calls back after some milliseconds.
pub(crate) fn set_timeout(ms: i32, then: &Function) -> Option<i32> {
    web_sys::window()?
        .set_timeout_with_callback_and_timeout_and_arguments_0(then, ms)
        .ok()
}

/// Does something after some milliseconds.
pub(crate) fn later(ms: u64, then: impl FnOnce() + 'static) -> Option<i32> {
    let then = Closure::once_into_js(then);
    set_timeout(i32::try_from(ms).unwrap_or(i32::MAX), then.unchecked_ref())
}
