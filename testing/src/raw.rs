//! A WebSocket on which a test sends and reads frames itself.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest as _,
        http::{HeaderMap, HeaderName, HeaderValue},
    },
};

use crate::PATIENCE;

/// A WebSocket on which a test sends and reads frames itself.
pub struct Raw(
    /// The socket below.
    pub WebSocketStream<MaybeTlsStream<TcpStream>>,
);

impl Raw {
    /// Opens a WebSocket with these headers; the HTTP status if the server refuses.
    pub async fn open(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        match Self::try_open(url, headers).await {
            Ok(raw) => Ok(raw),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    /// Opens a WebSocket with these headers, or returns whatever error there was.
    pub async fn try_open(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let headers = headers.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_str(value).unwrap())
        });
        Self::open_with(url, headers.collect()).await
    }

    /// As [`Raw::try_open`], with headers whose values may be any bytes.
    pub async fn open_with(url: &str, headers: HeaderMap) -> Result<Self, Error> {
        let mut request = format!("{}/ws", url.replace("http", "ws"))
            .into_client_request()
            .unwrap();
        request.headers_mut().extend(headers);
        Ok(Self(connect_async(request).await?.0))
    }

    /// Opens a WebSocket, sends `hello` with a token, and returns the `welcome` too.
    pub async fn hello(url: &str, token: &str, resume: Option<Value>) -> (Self, Value) {
        let mut raw = Self::open(url, &[]).await.unwrap();
        let mut hello =
            json!({ "t": "hello", "v": 1, "device": "0123456789abcdef", "token": token });
        if let Some(resume) = resume {
            hello["resume"] = resume;
        }
        raw.say(&hello).await;
        let welcome = raw.hear().await;
        assert_eq!(welcome["t"], "welcome", "{welcome}");
        (raw, welcome)
    }

    /// Sends a frame.
    pub async fn say(&mut self, frame: &Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// Waits for the next frame.
    pub async fn hear(&mut self) -> Value {
        loop {
            match timeout(PATIENCE, self.0.next())
                .await
                .expect("a frame in time")
            {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("no frame but {other:?}"),
            }
        }
    }

    /// Waits for the next frame of a type, and skips others.
    pub async fn hear_a(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.hear().await;
            if frame["t"] == kind {
                return frame;
            }
        }
    }

    /// Waits until the server closes it, and returns the close code and its reason.
    pub async fn ends(&mut self) -> (u16, String) {
        loop {
            match timeout(PATIENCE, self.0.next())
                .await
                .expect("an end in time")
            {
                Some(Ok(Message::Close(Some(frame)))) => {
                    return (frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(_)) => {}
                other => panic!("no close frame but {other:?}"),
            }
        }
    }
}

/// The close code that a new connection gets for its first message.
pub async fn close_code(url: &str, message: Message) -> u16 {
    let mut raw = Raw::open(url, &[]).await.unwrap();
    raw.0.send(message).await.unwrap();
    raw.ends().await.0
}
