//! Locks that the pages of one browser share. Where the browser has none (it needs a secure context), a lock is always free.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, then: &JsValue) -> Promise;

    #[wasm_bindgen(method, js_name = request)]
    fn request_with(this: &LockManager, name: &str, options: &Object, then: &JsValue) -> Promise;
}

fn manager() -> Option<LockManager> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &JsValue::from_str("locks")).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}

/// Holds a lock for as long as this page lives. The browser gives it back when the page is gone, however it went.
pub(crate) fn hold_for_ever(name: &str) {
    let Some(locks) = manager() else { return };
    let never =
        Closure::once_into_js(|_: JsValue| -> JsValue { Promise::new(&mut |_, _| {}).into() });
    // It settles only with the page.
    let _ = locks.request(name, &never);
}

/// Waits until nobody holds a lock.
pub(crate) async fn until_free(name: &str) {
    let Some(locks) = manager() else { return };
    let nothing = Closure::once_into_js(|_: JsValue| JsValue::UNDEFINED);
    // A page that goes away while it waits needs no answer.
    let _ = JsFuture::from(locks.request(name, &nothing)).await;
}

/// Whether nobody holds a lock just now.
pub(crate) async fn is_free(name: &str) -> bool {
    let Some(locks) = manager() else { return true };
    let options = Object::new();
    // A plain object takes every property.
    let _ = Reflect::set(&options, &JsValue::from_str("ifAvailable"), &JsValue::TRUE);
    let told =
        Closure::once_into_js(|lock: JsValue| -> JsValue { JsValue::from_bool(!lock.is_null()) });
    JsFuture::from(locks.request_with(name, &options, &told))
        .await
        .is_ok_and(|free| free.is_truthy())
}

/// Does something while no other page does the same.
pub(crate) async fn alone(name: &str, work: impl Future<Output = ()> + 'static) {
    let Some(locks) = manager() else {
        return work.await;
    };
    let then = Closure::once_into_js(move |_: JsValue| -> JsValue {
        wasm_bindgen_futures::future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        })
        .into()
    });
    // The work tells its outcome itself.
    let _ = JsFuture::from(locks.request(name, &then)).await;
}
