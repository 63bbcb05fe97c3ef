//! The question whether the server is ready, and its answer for all pages of this browser: whoever hears it need not ask.

use std::{cell::RefCell, rc::Rc};

use client::Input;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, BroadcastChannel, MessageEvent, RequestCache, RequestCredentials, RequestInit,
    Response,
};

use crate::socket::TellPage;

const PATH: &str = "/readyz";
const CHANNEL: &str = "hubbub-ready";
/// A status from here on says that it is not ready; below, something answers, though it may not know the path.
const SERVER_ERROR: u16 = 500;

/// The place of the question.
#[derive(Clone, Default)]
pub(crate) struct ReadyProbe(Rc<ProbeState>);

#[derive(Default)]
struct ProbeState {
    asking: RefCell<Option<AbortController>>,
    others: RefCell<Option<OtherPages>>,
}

/// This browser's other pages.
struct OtherPages {
    channel: BroadcastChannel,
    /// It lives as long as the channel does.
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl ReadyProbe {
    /// From now on, what other pages hear is told here.
    pub(crate) fn listen(&self, tell: TellPage) {
        // Where there is no such channel every page asks for itself.
        let Ok(channel) = BroadcastChannel::new(CHANNEL) else {
            return;
        };
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(ready) = event.data().as_bool() {
                tell(Input::Probed { ready });
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        *self.0.others.borrow_mut() = Some(OtherPages {
            channel,
            _listener: listener,
        });
    }

    /// Asks, in place of the question before.
    pub(crate) fn ask(&self, tell: TellPage) {
        let asking = AbortController::new().ok();
        if let Some(before) = self.0.asking.replace(asking.clone()) {
            before.abort();
        }
        let probe = self.clone();
        spawn_local(async move {
            let answer = fetch(asking.as_ref()).await;
            if asking.is_some_and(|asking| asking.signal().aborted()) {
                return;
            }
            let ready = answer.is_ok_and(|status| status < SERVER_ERROR);
            if let Some(others) = &*probe.0.others.borrow() {
                // A channel that is open takes every boolean.
                let _ = others.channel.post_message(&JsValue::from_bool(ready));
            }
            tell(Input::Probed { ready });
        });
    }
}

async fn fetch(asking: Option<&AbortController>) -> Result<u16, JsValue> {
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    if let Some(asking) = asking {
        init.set_signal(Some(&asking.signal()));
    }
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let response = JsFuture::from(window.fetch_with_str_and_init(PATH, &init)).await?;
    Ok(response.dyn_into::<Response>()?.status())
}
