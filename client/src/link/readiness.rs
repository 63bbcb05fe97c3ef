//! Whether the server is there, as far as one knows. While that is in doubt a probe (`GET /readyz`) goes before a socket, because browsers
//! hold failed sockets against a server: Firefox delays the next one to the same host, each time longer, for all of its tabs.

/// How long a probe may stay without an answer, in milliseconds.
const PATIENCE_MS: u64 = 5_000;
/// So many probes in a row without an answer, and a socket is tried all the same: what lies between may swallow only probes.
const MAX_SILENT: u32 = 3;
/// After so long without a try, in milliseconds, a socket is tried whatever probes say: a proxy may answer them for a server that it
/// does not ask. Firefox has forgotten a failed socket by then.
const BLIND_MS: u64 = 120_000;

/// What is known of the server: there, in doubt, or being asked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ServerReadiness {
    /// Since when it is in doubt, or since the person or the browser had reason to hope.
    doubted_ms: Option<u64>,
    /// Probes in a row without an answer.
    silent: u32,
    /// The last try of a socket since the doubt began, or that beginning.
    tried_ms: u64,
}

impl ServerReadiness {
    /// A close code after which it is in doubt: all but those that only a living server of this protocol sends.
    pub(crate) fn is_doubtful(code: u16) -> bool {
        !(4_000..5_000).contains(&code)
    }

    pub(crate) const fn is_doubted(self) -> bool {
        self.doubted_ms.is_some()
    }

    pub(crate) const fn doubt(&mut self, now_ms: u64) {
        if self.doubted_ms.is_none() {
            self.doubted_ms = Some(now_ms);
            self.tried_ms = now_ms;
        }
    }

    /// It is there.
    pub(crate) const fn trust(&mut self) {
        self.doubted_ms = None;
        self.silent = 0;
    }

    /// There is reason to hope: probes are frequent again.
    pub(crate) fn hope(&mut self, now_ms: u64) {
        self.doubted_ms = self.doubted_ms.map(|_| now_ms);
    }

    /// For how long it has been in doubt, in milliseconds.
    pub(crate) fn down_ms(self, now_ms: u64) -> u64 {
        now_ms.saturating_sub(self.doubted_ms.unwrap_or(now_ms))
    }

    /// Whether a probe goes before the next socket.
    pub(crate) fn wants_probe(self, now_ms: u64) -> bool {
        self.is_doubted()
            && self.silent < MAX_SILENT
            && now_ms.saturating_sub(self.tried_ms) < BLIND_MS
    }

    /// A socket is tried.
    pub(crate) const fn tried(&mut self, now_ms: u64) {
        self.tried_ms = now_ms;
        self.silent = 0;
    }

    /// A probe was answered: not ready.
    pub(crate) const fn refused(&mut self) {
        self.silent = 0;
    }

    /// A probe got no answer in time.
    pub(crate) const fn unanswered(&mut self) {
        self.silent = self.silent.saturating_add(1);
    }

    /// When a probe that began then is given up.
    pub(crate) const fn patience(since_ms: u64) -> u64 {
        since_ms.saturating_add(PATIENCE_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_tried_without_an_answer_now_and_then() {
        let mut readiness = ServerReadiness::default();
        assert!(!readiness.wants_probe(0));
        readiness.tried(0);
        readiness.doubt(10);
        for _ in 0..MAX_SILENT {
            assert!(readiness.wants_probe(20));
            readiness.unanswered();
        }
        assert!(!readiness.wants_probe(20));
        readiness.tried(20);
        readiness.refused();
        assert!(readiness.wants_probe(20 + BLIND_MS - 1));
        assert!(!readiness.wants_probe(20 + BLIND_MS));
        readiness.trust();
        assert!(!readiness.wants_probe(30));
        // However long it was connected before.
        readiness.doubt(30 + 10 * BLIND_MS);
        assert!(readiness.wants_probe(30 + 10 * BLIND_MS));
    }

    #[test]
    fn only_codes_of_a_living_server_leave_no_doubt() {
        for code in [1001, 1005, 1006, 1011, 1012, 1015, 3000, 5000] {
            assert!(ServerReadiness::is_doubtful(code), "{code}");
        }
        for code in [4001, 4002, 4504, 4999] {
            assert!(!ServerReadiness::is_doubtful(code), "{code}");
        }
    }
}
