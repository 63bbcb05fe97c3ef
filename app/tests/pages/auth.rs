use app::{
    boot::{BootPage, Invitation},
    form::{Field, Form, Why, sign_in_name},
    i18n::Lang,
};

use super::fixture::{NONCE, NOW, boot, people, render, words};

#[test]
fn first_run_is_a_classic_form() {
    let html = render(BootPage::First {
        form: Form::default(),
        code: false,
    });
    assert!(
        html.contains(r#"<form method="post" action="/first">"#),
        "{html}"
    );
    for part in [
        r#"name="name""#,
        r#"name="password""#,
        r#"autocomplete="new-password""#,
        r#"<label for="name">"#,
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(words(&html).contains("You are the first one here"));
    assert!(!html.contains("aria-invalid"));
    assert_eq!(
        BootPage::First {
            form: Form::default(),
            code: false,
        }
        .status(),
        200
    );
}

#[test]
fn what_was_wrong_stands_beside_its_field() {
    let form = Form {
        name: "Ada \"<b>\" Marlow".to_owned(),
        ..Form::default()
    };
    let form = form.with(Field::Password, Why::PasswordShort { has: 5 });
    let page = BootPage::First { form, code: false };
    assert_eq!(page.status(), 422);
    let html = render(page);
    assert!(words(&html).contains("At least 8 characters; this one has 5."));
    assert!(
        html.contains(r#"aria-describedby="password-e""#) && html.contains(r#"id="password-e""#)
    );
    assert!(
        html.contains(r#"value="Ada &quot;&lt;b&gt;&quot; Marlow""#),
        "what was typed is kept"
    );
    let password = html.split("id=\"password\"").nth(1).unwrap();
    let field = &password[..password.find('>').unwrap()];
    assert!(
        field.contains("aria-invalid=\"true\"") && field.contains("autofocus"),
        "{field}"
    );
    assert!(!field.contains("value="), "a password never comes back");
    assert_eq!(html.matches("autofocus").count(), 1);
}

#[test]
fn sign_in_tells_neither_which() {
    let form = Form {
        name: "ada".to_owned(),
        ..Form::default()
    }
    .with(Field::Form, Why::SignIn);
    let page = BootPage::SignIn {
        form,
        next: Some("/rooms/12?at=3".to_owned()),
    };
    assert_eq!(page.status(), 401);
    let html = render(page);
    assert!(words(&html).contains("This name and password do not go together."));
    assert!(
        html.contains(r#"<input type="hidden" name="next" value="/rooms/12?at=3">"#),
        "{html}"
    );
    assert!(html.contains(r#"role="alert""#));
}

#[test]
fn an_invite_says_who_asks() {
    let by = people().remove(0);
    let invitation = Invitation {
        by,
        people: 142,
        here: 31,
        expires_at: NOW + 4 * 86_400_000,
    };
    let join = |invitation| BootPage::Join {
        code: "7Q4M".to_owned(),
        invitation,
        form: Form::default(),
    };
    let html = render(join(Some(invitation)));
    let said = words(&html);
    assert!(said.contains("Join Lantern Street"), "{said}");
    assert!(said.contains("Ada Marlow invites you"), "{said}");
    assert!(
        said.contains("142 people, 31 here now. This link works until Friday."),
        "{said}"
    );
    assert!(html.contains(r#"action="/join/7Q4M""#));
    let over = render(join(None));
    assert!(words(&over).contains("This invite is used up or too old. Ask for a new one."));
    assert!(!over.contains("action=\"/join/7Q4M\""));
}

#[test]
fn a_link_to_a_new_password_says_whose_it_is() {
    let reset = |person| BootPage::Reset {
        code: "7Q4M".to_owned(),
        person,
        form: Form::default(),
    };
    let ada = people().remove(0);
    let html = render(reset(Some(ada.clone())));
    assert!(words(&html).contains(&format!("You sign in as {}", ada.name)));
    assert!(html.contains(r#"action="/reset/7Q4M""#));
    assert!(html.contains(r#"autocomplete="new-password""#));
    let over = reset(None);
    assert_eq!(over.status(), 404);
    let html = render(over);
    assert!(words(&html).contains("This link was used or is too old."));
    assert!(!html.contains("action=\"/reset/7Q4M\""));
}

#[test]
fn the_door_speaks_chinese() {
    let page = BootPage::First {
        form: Form::default().with(
            Field::Name,
            Why::NameTaken {
                name: "林晓雨".to_owned(),
            },
        ),
        code: false,
    };
    let html = app::render(
        &app::boot::Boot {
            lang: Lang::Zh,
            ..boot(page)
        },
        NONCE,
    );
    assert!(
        html.starts_with("<!doctype html><html lang=\"zh\""),
        "{}",
        &html[..60]
    );
    let said = words(&html);
    assert!(
        said.contains("你是第一位到来的人") && said.contains("开门迎客"),
        "{said}"
    );
    assert!(
        said.contains("这里已经有一位林晓雨了，请加点能区分的字。"),
        "{said}"
    );
}

#[test]
fn the_language_can_be_changed_without_scripts() {
    let html = render(BootPage::SignIn {
        form: Form::default(),
        next: None,
    });
    assert!(html.contains(r#"method="post" action="/preferences""#));
    assert!(html.contains(r#"<input type="hidden" name="next" value="/sign-in">"#));
    assert!(html.contains("简体中文"));
}

#[test]
fn one_signs_in_with_what_one_typed() {
    assert_eq!(sign_in_name("  Ada   Marlow "), "Ada-Marlow");
    assert_eq!(sign_in_name("林晓雨"), "林晓雨");
    assert_eq!(sign_in_name(" "), "");
}
