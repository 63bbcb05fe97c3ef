//! Objects of JSON, read field by field.
//!
//! What serde derives for a struct is code of its own for each: two kilobytes of the browser's module for a small one, an eighth of the module for
//! all of them. Here a text is read into a tree by code that is there once, and a struct takes its fields out of it ([`reads!`](crate::reads)).

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer, de,
    de::{
        Expected, MapAccess, SeqAccess, Unexpected, Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use thiserror::Error;

/// What is wrong with an object. Values are not told back: to write numbers with fractions alone is ten kilobytes of code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct ReadError(String);

impl de::Error for ReadError {
    fn custom<T: fmt::Display>(why: T) -> Self {
        Self(why.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self("it is of another type".to_owned())
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self("it has another value".to_owned())
    }
}

/// Any JSON. A text without escapes is a part of the text that was read.
#[derive(Default)]
enum FieldValue<'de> {
    #[default]
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'de, str>),
    List(Vec<Self>),
    Object(Fields<'de>),
}

/// The fields of an object. Each is taken out once; what nobody takes is ignored.
#[derive(Default)]
pub struct Fields<'de>(Vec<(Cow<'de, str>, FieldValue<'de>)>);

/// What is read from the fields of an object; made by [`reads!`](crate::reads).
pub trait FromFields: Sized {
    /// Takes what it has out of the fields.
    fn from_fields(fields: &mut Fields<'_>) -> Result<Self, ReadError>;
}

/// Reads an object.
pub fn read<'de, T: FromFields, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let mut fields = Fields::deserialize(from)?;
    T::from_fields(&mut fields).map_err(de::Error::custom)
}

impl<'de> Fields<'de> {
    fn take(&mut self, name: &str) -> Option<FieldValue<'de>> {
        let found = self.0.iter_mut().find(|(known, _)| known == name);
        found.map(|(_, value)| std::mem::take(value))
    }

    /// The only field, of an object that is written as `{"name": {…}}`: its name, and the fields in it.
    pub fn only(&mut self) -> Result<(Cow<'de, str>, Self), ReadError> {
        match self.0.pop() {
            Some((name, FieldValue::Object(fields))) if self.0.is_empty() => Ok((name, fields)),
            _ => Err(de::Error::custom("one field with an object is expected")),
        }
    }

    /// A field that must be there.
    pub fn must<T: Deserialize<'de>>(&mut self, name: &'static str) -> Result<T, ReadError> {
        match self.may(name)? {
            Some(value) => Ok(value),
            None => Err(de::Error::missing_field(name)),
        }
    }

    /// A field that may be left out.
    pub fn may<T: Deserialize<'de>>(&mut self, name: &'static str) -> Result<Option<T>, ReadError> {
        let value = self.take(name).map(T::deserialize).transpose();
        value.map_err(|ReadError(why)| ReadError(format!("`{name}`: {why}")))
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match FieldValue::deserialize(from)? {
            FieldValue::Object(fields) => Ok(fields),
            _ => Err(de::Error::custom("an object is expected")),
        }
    }
}

impl<'de> Deserialize<'de> for FieldValue<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyJson)
    }
}

struct AnyJson;

impl<'de> Visitor<'de> for AnyJson {
    type Value = FieldValue<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<FieldValue<'de>, E> {
        Ok(FieldValue::Null)
    }

    fn visit_none<E>(self) -> Result<FieldValue<'de>, E> {
        Ok(FieldValue::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<FieldValue<'de>, D::Error> {
        FieldValue::deserialize(from)
    }

    fn visit_bool<E>(self, is: bool) -> Result<FieldValue<'de>, E> {
        Ok(FieldValue::Bool(is))
    }

    fn visit_u64<E>(self, number: u64) -> Result<FieldValue<'de>, E> {
        Ok(FieldValue::Unsigned(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<FieldValue<'de>, E> {
        Ok(FieldValue::Signed(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<FieldValue<'de>, E> {
        Ok(FieldValue::Float(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<FieldValue<'de>, E> {
        Ok(FieldValue::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<FieldValue<'de>, E> {
        Ok(FieldValue::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<FieldValue<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element()? {
            list.push(value);
        }
        Ok(FieldValue::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FieldValue<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some((name, value)) = map.next_entry()? {
            if let FieldValue::Text(name) = name {
                fields.push((name, value));
            }
        }
        Ok(FieldValue::Object(Fields(fields)))
    }
}

impl<'de> de::IntoDeserializer<'de, ReadError> for FieldValue<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for FieldValue<'de> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, to: V) -> Result<V::Value, ReadError> {
        match self {
            Self::Null => to.visit_unit(),
            Self::Bool(is) => to.visit_bool(is),
            Self::Unsigned(number) => to.visit_u64(number),
            Self::Signed(number) => to.visit_i64(number),
            Self::Float(number) => to.visit_f64(number),
            Self::Text(Cow::Borrowed(text)) => to.visit_borrowed_str(text),
            Self::Text(Cow::Owned(text)) => to.visit_string(text),
            Self::List(list) => to.visit_seq(SeqDeserializer::new(list.into_iter())),
            Self::Object(Fields(fields)) => {
                let fields = fields.into_iter();
                to.visit_map(MapDeserializer::new(
                    fields.map(|(name, value)| (Self::Text(name), value)),
                ))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, to: V) -> Result<V::Value, ReadError> {
        match self {
            Self::Null => to.visit_none(),
            value => to.visit_some(value),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        to: V,
    ) -> Result<V::Value, ReadError> {
        to.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

/// Says how a struct is read from an object: in the first braces the fields that must be there, in the second those that may be left out, for their
/// default. `as` says what a
/// field is called on the wire where that is another name, `via` which wrapper reads it, `or` another default.
#[macro_export]
macro_rules! reads {
    (
        $type:ident
        { $($must:ident $(as $must_name:literal)?),* $(,)? }
        $({ $($may:ident $(as $may_name:literal)? $(via $via:ident)? $(or $default:expr)?),* $(,)? })?
    ) => {
        impl $crate::fields::FromFields for $type {
            fn from_fields(
                fields: &mut $crate::fields::Fields<'_>,
            ) -> Result<Self, $crate::fields::ReadError> {
                Ok(Self {
                    $($must: fields.must($crate::reads!(@name $must $($must_name)?))?,)*
                    $($($may: $crate::reads!(
                        @or fields.may($crate::reads!(@name $may $($may_name)?))?$(.map(|$via(found)| found))?, $($default)?
                    ),)*)?
                })
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::fields::read(from)
            }
        }
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    (@or $found:expr,) => { $found.unwrap_or_default() };
    (@or $found:expr, $default:expr) => { $found.unwrap_or($default) };
}

/// Says how an enum is read from a word; one that is not known is the one after `or`.
#[macro_export]
macro_rules! reads_words {
    ($type:ident { $($word:literal => $value:ident),* $(,)? } or $other:ident) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = String::deserialize(from)?;
                Ok(match word.as_str() {
                    $($word => Self::$value,)*
                    _ => Self::$other,
                })
            }
        }
    };
}

#[cfg(test)]
mod tests {
    #[derive(Debug, PartialEq)]
    struct Point {
        x: u64,
        name: String,
        tags: Vec<String>,
        z: Option<f64>,
        on: bool,
    }

    reads!(Point { x, name as "called" } { tags, z, on or true });

    fn point(text: &str) -> Result<Point, String> {
        let read = serde_json::from_str(text).map_err(|why| why.to_string());
        // From a value it is the same.
        let value: Option<serde_json::Value> = serde_json::from_str(text).ok();
        let again = value.and_then(|value| serde_json::from_value(value).ok());
        assert_eq!(read.as_ref().ok(), again.as_ref());
        read
    }

    #[test]
    fn what_may_be_left_out_has_its_default_and_what_is_not_known_is_ignored() {
        let full =
            r#"{"x":1,"called":"a\nb","tags":["t","ü"],"z":-2.5,"on":false,"new":{"x":[{}]}}"#;
        let is = point(full).unwrap();
        assert_eq!(
            (is.x, &*is.name, is.z, is.on),
            (1, "a\nb", Some(-2.5), false)
        );
        assert_eq!(is.tags, ["t", "ü"]);
        let least = point(r#"{"called":"c","x":18446744073709551615,"z":null}"#).unwrap();
        assert_eq!((least.x, least.z, least.on), (u64::MAX, None, true));
        assert_eq!(point(r#"{"x":1,"called":"","z":3}"#).unwrap().z, Some(3.0));
    }

    #[test]
    fn what_is_missing_or_does_not_fit_is_an_error() {
        let wrong = [
            "",
            "[]",
            "null",
            "7",
            "{}",
            r#"{"x":1}"#,
            r#"{"x":-1,"called":""}"#,
            r#"{"x":1.5,"called":""}"#,
            r#"{"x":"1","called":""}"#,
            r#"{"x":1,"called":null}"#,
            r#"{"x":1,"called":"","tags":[1]}"#,
            r#"{"x":1,"called":"","tags":null}"#,
            r#"{"x":1,"called":"","on":1}"#,
            r#"{"x":1,"called":""} x"#,
            r#"{"x":1,"called":"\ud800"}"#,
        ];
        for text in wrong {
            assert!(point(text).is_err(), "{text}");
        }
        let missing = point(r#"{"x":1}"#).unwrap_err();
        assert!(missing.contains("missing field `called`"), "{missing}");
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert!(point(&format!(r#"{{"x":1,"called":"","deep":{deep}}}"#)).is_err());
    }
}
