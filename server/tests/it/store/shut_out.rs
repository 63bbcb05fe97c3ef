//! Who is shut out while what they asked for waits.

use protocol::{Act, ErrorCode};
use server::store::Write;

use super::{Fixture, Kind, code, does, general, id, pin, react, send, seq, user};

on_every_store!(what_waited_of_who_was_shut_out_is_not_stored);

async fn what_waited_of_who_was_shut_out_is_not_stored(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let govern = |banned: bool| Write::Govern {
        who: user(1),
        user: user(2),
        role: None,
        banned: Some(banned),
        now: 5,
    };
    let first = id();
    let of = seq(&fixture.one(send(2, first, "before")).await).unwrap().0;
    let edit = Act::Edit {
        of,
        text: "after".to_owned(),
    };
    let writes = [
        govern(true),
        send(2, id(), "after"),
        send(1, id(), "of somebody else"),
        does(2, id(), general(), edit),
        react(2, of, "👍", true),
        pin(2, of, true),
        // What was stored before is acked again.
        send(2, first, "before"),
    ];
    let all = fixture.all(&writes).await;
    let codes: Vec<_> = all.into_iter().map(code).collect();
    let refused = Err(ErrorCode::Forbidden);
    let wanted = [Ok(()), refused, Ok(()), refused, refused, refused, Ok(())];
    assert_eq!(codes, wanted);
    assert_eq!(code(fixture.one(govern(false)).await), Ok(()));
    assert_eq!(code(fixture.one(send(2, id(), "back")).await), Ok(()));
    fixture.close().await;
}
