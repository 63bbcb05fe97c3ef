//! What people change of what others see of them.

use protocol::ErrorCode;
use server::store::{ProfilePatch, Write};

use super::{Fixture, Kind, user};

on_every_store!(a_profile_is_changed_field_by_field);

async fn a_profile_is_changed_field_by_field(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let set = |n, patch| Write::SetProfile {
        user: user(n),
        patch,
    };
    let named = |name: &str| ProfilePatch {
        display_name: Some(name.to_owned()),
        ..ProfilePatch::default()
    };
    let zone = |tz: Option<&str>| ProfilePatch {
        tz: Some(tz.map(str::to_owned)),
        ..ProfilePatch::default()
    };
    let now = async |n| {
        let found = fixture.store.accounts(&[user(n)]).await.unwrap();
        (found[0].display_name.clone(), found[0].tz.clone())
    };
    let berlin = Some("Europe/Berlin".to_owned());
    for (patch, is) in [
        (zone(Some("Europe/Berlin")), ("ada", berlin.clone())),
        (named("Ada Marlow"), ("Ada Marlow", berlin.clone())),
        (ProfilePatch::default(), ("Ada Marlow", berlin)),
        (zone(None), ("Ada Marlow", None)),
    ] {
        fixture.one(set(1, patch)).await.unwrap();
        assert_eq!(now(1).await, (is.0.to_owned(), is.1));
    }
    // What cannot be called so is changed in nothing.
    let both = ProfilePatch {
        display_name: Some("ada marlow".to_owned()),
        tz: Some(Some("Asia/Shanghai".to_owned())),
    };
    let before = now(2).await;
    let refused = fixture.one(set(2, both)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert_eq!(now(2).await, before);
    fixture.close().await;
}
