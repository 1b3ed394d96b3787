//! Types that are written and read member by member, declared as ordinary types.
//!
//! ```text
//! struct  { "field": …, … }
//! enum    "tag"                        ; alone
//!         { "tag": { "field": … } }    ; with fields
//!         { "tag": value }             ; with one value, which is given a name here
//! ```

/// Declares structs that are JSON objects, their fields being the members; one whose name is no
/// Rust name, or no good one, stands behind `as`.
macro_rules! json_struct {
    ($(
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $(
                $(#[$field_meta:meta])*
                $field_vis:vis $field:ident $(as $member:literal)?: $type:ty
            ),* $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(Default)]
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $type),*
        }

        impl $crate::ports::json::ToJson for $name {
            fn write(&self, out: &mut String) {
                #[allow(unused_mut, reason = "some have no members")]
                let mut object = $crate::ports::json::ObjectWriter::begin(out);
                $(object.member(
                    $crate::ports::json::json_struct!(@name $field $(, $member)?),
                    &self.$field,
                );)*
                object.end();
            }
        }

        impl $crate::ports::json::FromJson for $name {
            #[inline(never)]
            fn read(&mut self, value: serde_json::Value) -> bool {
                #[allow(unused_mut, reason = "some have no members")]
                let mut members = $crate::ports::json::Members::of(value);
                $(members.take(
                    $crate::ports::json::json_struct!(@name $field $(, $member)?),
                    &mut self.$field,
                );)*
                members.is_complete()
            }
        }
    )+};
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident, $member:literal) => { $member };
}

/// Declares enums; the tag of each variant stands before it.
macro_rules! json_enum {
    ($(
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $(
                $(#[$variant_meta:meta])*
                $tag:literal = $variant:ident
                $({ $($(#[$field_meta:meta])* $field:ident: $type:ty),* $(,)? })?
                $(($inner:ident: $inner_type:ty))?
            ),* $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        $vis enum $name {
            $(
                $(#[$variant_meta])*
                $variant $({ $($(#[$field_meta])* $field: $type),* })? $(($inner_type))?
            ),*
        }

        impl $crate::ports::json::ToJson for $name {
            fn write(&self, out: &mut String) {
                match self {
                    $(Self::$variant $({ $($field),* })? $(($inner))? => {
                        $crate::ports::json::json_enum!(
                            @write out, $tag $(, { $($field)* })? $(, ($inner))?
                        );
                    })*
                }
            }
        }

        impl $crate::ports::json::FromJson for $name {
            #[inline(never)]
            fn read(&mut self, value: serde_json::Value) -> bool {
                #[allow(unused_variables, reason = "some have tags only")]
                let (tag, value) = $crate::ports::json::read_tagged(value);
                match tag.as_str() {
                    $($tag => $crate::ports::json::json_enum!(
                        @read self, value, $variant $(, { $($field)* })? $(, ($inner))?
                    ),)*
                    _ => false,
                }
            }
        }

        $crate::ports::json::json_enum!(@default $name, $(
            $variant $({ $($field: $type),* })? $(($inner_type))?
        ),*);
    )+};
    (@write $out:ident, $tag:literal) => {
        $crate::ports::json::write_text($out, $tag)
    };
    (@write $out:ident, $tag:literal, { $($field:ident)* }) => {
        $crate::ports::json::write_tagged($out, $tag, &|out| {
            let mut object = $crate::ports::json::ObjectWriter::begin(out);
            $(object.member(stringify!($field), $field);)*
            object.end();
        })
    };
    (@write $out:ident, $tag:literal, ($inner:ident)) => {
        $crate::ports::json::write_tagged($out, $tag, &|out| {
            $crate::ports::json::ToJson::write($inner, out);
        })
    };
    (@read $self:ident, $value:ident, $variant:ident) => {{
        *$self = Self::$variant;
        true
    }};
    (@read $self:ident, $value:ident, $variant:ident, { $($field:ident)* }) => {{
        let mut members = $crate::ports::json::Members::of($value);
        $(
            let mut $field = Default::default();
            members.take(stringify!($field), &mut $field);
        )*
        *$self = Self::$variant { $($field),* };
        members.is_complete()
    }};
    (@read $self:ident, $value:ident, $variant:ident, ($inner:ident)) => {{
        let mut $inner = Default::default();
        let complete = $crate::ports::json::FromJson::read(&mut $inner, $value);
        *$self = Self::$variant($inner);
        complete
    }};
    (@default $name:ident, $first:ident $({ $($field:ident: $type:ty),* })? $(($inner:ty))? $(, $($rest:tt)*)?) => {
        /// The blank that a reader fills.
        impl Default for $name {
            fn default() -> Self {
                Self::$first $({ $($field: <$type>::default()),* })? $((<$inner>::default()))?
            }
        }
    };
}

pub(crate) use {json_enum, json_struct};
