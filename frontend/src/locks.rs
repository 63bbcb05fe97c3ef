//! Locks that the pages of one browser share. Where the browser has none (it needs a secure context), a lock is always free.

use std::pin::Pin;

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, js_name = request)]
    fn request_with(this: &LockManager, name: &str, options: &Object, then: &JsValue) -> Promise;
}

fn manager() -> Option<LockManager> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &JsValue::from_str("locks")).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}

/// Something to be done under a lock.
pub(crate) type Work = Pin<Box<dyn Future<Output = ()>>>;

/// Whether there are locks.
pub(crate) fn are_there() -> bool {
    manager().is_some()
}

/// Does something while no other page holds a lock. While one does, it waits, or does nothing.
pub(crate) async fn alone(name: &str, wait: bool, work: Work) {
    let Some(locks) = manager() else {
        return work.await;
    };
    let options = Object::new();
    // A plain object takes every property.
    let _ = Reflect::set(
        &options,
        &JsValue::from_str("ifAvailable"),
        &JsValue::from_bool(!wait),
    );
    let then = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() {
            return lock;
        }
        wasm_bindgen_futures::future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        })
        .into()
    });
    // The work tells its outcome itself.
    let _ = JsFuture::from(locks.request_with(name, &options, &then)).await;
}
