//! The order of names, by the rules of a language (ECMA-402, `Intl.Collator`).

use js_sys::{
    Array, Function,
    Intl::{Collator, CollatorOptions},
};
use wasm_bindgen::JsValue;

/// The places of these names in the order of the language, or of their letters in lower case. Names that are the same keep the order
/// that they had. The browser sorts: each list that is sorted here would be some kilobytes of the module.
pub(crate) fn sorted(lang: Option<&str>, names: &[String]) -> Vec<usize> {
    let compare = lang.map(collator);
    let lower: Vec<String> = match compare {
        None => names.iter().map(|name| name.to_lowercase()).collect(),
        Some(_) => Vec::new(),
    };
    let words: Vec<JsValue> = match compare {
        None => Vec::new(),
        Some(_) => names.iter().map(|name| JsValue::from_str(name)).collect(),
    };
    let places: Array = (0..names.len()).map(JsValue::from).collect();
    let mut order = |one: JsValue, other: JsValue| {
        let (one, other) = (place(&one), place(&other));
        match &compare {
            None => lower[one].cmp(&lower[other]) as i32,
            Some(compare) => compare
                .call2(&JsValue::UNDEFINED, &words[one], &words[other])
                .ok()
                .map_or(0, |told| number(&told)),
        }
    };
    places.sort_by(&mut order);
    places.iter().map(|at| place(&at)).collect()
}

fn collator(lang: &str) -> Function {
    let options = CollatorOptions::new();
    options.set_numeric(true);
    Collator::new(&Array::of1(&JsValue::from_str(lang)), &options).compare()
}

#[expect(clippy::cast_possible_truncation, reason = "-1, 0 or 1, or a place")]
fn number(value: &JsValue) -> i32 {
    value.as_f64().unwrap_or_default() as i32
}

fn place(value: &JsValue) -> usize {
    usize::try_from(number(value)).unwrap_or_default()
}
