//! The WebSocket, one at a time. What an old one still has to say is not told.

use std::{cell::RefCell, rc::Rc};

use client::Input;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// Tells the page what happened.
pub(crate) type TellPage = Rc<dyn Fn(Input)>;

/// The place of the socket.
#[derive(Clone, Default)]
pub(crate) struct Socket(Rc<RefCell<Option<OpenSocket>>>);

struct OpenSocket {
    socket: WebSocket,
    /// They live as long as the socket does.
    _listeners: [Closure<dyn FnMut(JsValue)>; 3],
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
    }
}

impl Socket {
    /// Opens a socket to `/ws`, in place of the one before.
    pub(crate) fn open(&self, tell: &TellPage) {
        self.0.borrow_mut().take();
        if let Ok(open) = connect(tell, self) {
            *self.0.borrow_mut() = Some(open);
            return;
        }
        // It is told later, as every other end: the caller is in the middle of a step.
        let tell = Rc::clone(tell);
        wasm_bindgen_futures::spawn_local(async move {
            tell(Input::Closed {
                code: 1006,
                reason: String::new(),
            });
        });
    }

    /// Closes it and forgets it.
    pub(crate) fn close(&self, code: u16, reason: &str) {
        if let Some(open) = self.0.borrow_mut().take() {
            // A code that a browser may not use closes it without one.
            if open
                .socket
                .close_with_code_and_reason(code, reason)
                .is_err()
            {
                let _ = open.socket.close();
            }
        }
    }

    /// Which socket this is, for whoever sends later: it must be the same one then.
    pub(crate) fn handle(&self) -> Option<WebSocket> {
        self.0.borrow().as_ref().map(|open| open.socket.clone())
    }

    fn gone(&self) {
        self.0.borrow_mut().take();
    }
}

fn connect(tell: &TellPage, place: &Socket) -> Result<OpenSocket, JsValue> {
    let location = web_sys::window().ok_or(JsValue::UNDEFINED)?.location();
    let scheme = if location.protocol()? == "https:" {
        "wss"
    } else {
        "ws"
    };
    let socket = WebSocket::new_with_str(
        &format!("{scheme}://{}/ws", location.host()?),
        protocol::SUBPROTOCOL,
    )?;
    let opened = Rc::clone(tell);
    let on_open = Closure::new(move |_: JsValue| opened(Input::Opened));
    let told = Rc::clone(tell);
    let on_message = Closure::new(move |event: JsValue| {
        let text = event
            .dyn_ref::<MessageEvent>()
            .and_then(|event| event.data().as_string());
        if let Some(text) = text {
            told(Input::Frame(text));
        }
    });
    let (ended, place) = (Rc::clone(tell), place.clone());
    let on_close = Closure::new(move |event: JsValue| {
        let (code, reason) = event
            .dyn_ref::<CloseEvent>()
            .map_or((1006, String::new()), |event| {
                (event.code(), event.reason())
            });
        let ended = Rc::clone(&ended);
        let place = place.clone();
        // The socket is dropped after its listener has returned.
        wasm_bindgen_futures::spawn_local(async move {
            place.gone();
            ended(Input::Closed { code, reason });
        });
    });
    socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
    socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
    Ok(OpenSocket {
        socket,
        _listeners: [on_open, on_message, on_close],
    })
}

/// Sends a frame.
pub(crate) fn send(socket: &WebSocket, frame: &str) {
    // A socket that is closing takes nothing more; what was not acked goes out again over the next.
    let _ = socket.send_with_str(frame);
}
