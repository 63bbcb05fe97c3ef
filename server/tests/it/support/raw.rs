//! A socket that says just what a test says.

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

use super::PATIENCE;

pub(crate) struct Raw(pub(crate) WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Raw {
    /// Upgrades with these headers; the status if the server does not want to.
    pub(crate) async fn open(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        match Self::try_open(url, headers).await {
            Ok(raw) => Ok(raw),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    /// Upgrades, if there is a server that wants to.
    pub(crate) async fn try_open(
        url: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, Error> {
        let headers = headers.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_str(value).unwrap())
        });
        Self::open_with(url, headers.collect()).await
    }

    /// The same, with headers of any bytes.
    pub(crate) async fn open_with(url: &str, headers: HeaderMap) -> Result<Self, Error> {
        let mut request = format!("{}/ws", url.replace("http", "ws"))
            .into_client_request()
            .unwrap();
        request.headers_mut().extend(headers);
        Ok(Self(connect_async(request).await?.0))
    }

    /// Says hello with a token and hears the welcome.
    pub(crate) async fn hello(url: &str, token: &str, resume: Option<Value>) -> (Self, Value) {
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

    pub(crate) async fn say(&mut self, frame: &Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame.
    pub(crate) async fn hear(&mut self) -> Value {
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

    /// The next frame of a type; others are passed over.
    pub(crate) async fn hear_a(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.hear().await;
            if frame["t"] == kind {
                return frame;
            }
        }
    }

    /// How the server ends it: the close code and its reason; what comes before is passed over.
    pub(crate) async fn ends(&mut self) -> (u16, String) {
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

/// The close code that a fresh connection gets for what `say` says first.
pub(crate) async fn close_code(url: &str, message: Message) -> u16 {
    let mut raw = Raw::open(url, &[]).await.unwrap();
    raw.0.send(message).await.unwrap();
    raw.ends().await.0
}
