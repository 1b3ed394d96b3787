//! How a world starts: its origin, its time, its speed and the credentials it knows.
//! The defaults are the committed development values; none of them opens anything real.

/// Everything a world is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the stand-ins are reached, without a slash at the end.
    pub origin: String,
    /// The only origin that letters may link to; without it all links must share one.
    pub app_origin: Option<String>,
    pub seed: u64,
    pub now_ms: u64,
    /// How long a training takes; 0 is finished at the first look after its creation.
    pub training_ms: u64,
    pub prediction_ms: u64,
    /// Pictures are drawn with sides so many times shorter than the service's; 1 is true to it.
    pub picture_divisor: u32,
    pub replicate_token: String,
    pub replicate_webhook_secret: String,
    /// `owner/name` of the private model that exists from the start; the owner is the account.
    pub replicate_destination: String,
    pub bytescale_secret_key: String,
    pub bytescale_signing_key_id: String,
    /// Base64.
    pub bytescale_signing_key: String,
    pub resend_api_key: String,
    pub resend_domain: String,
    pub pushover_token: String,
    pub pushover_user: String,
    pub facebook_app_id: String,
    pub facebook_app_secret: String,
    pub turnstile_site_key: String,
    pub turnstile_secret: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            origin: "http://127.0.0.1:8788".to_owned(),
            app_origin: None,
            seed: 1,
            now_ms: 1_767_225_600_000,
            training_ms: 0,
            prediction_ms: 0,
            picture_divisor: 1,
            replicate_token: "r8_development00000000000000000000000000".to_owned(),
            replicate_webhook_secret: "whsec_c2VsZmllLWRldmVsb3BtZW50LWhvb2tz".to_owned(),
            replicate_destination: "selfie-dev/faces".to_owned(),
            bytescale_secret_key: "secret_devSeLfdevelopmentonly".to_owned(),
            bytescale_signing_key_id: "devSign1".to_owned(),
            bytescale_signing_key: "c2VsZmllLWRldmVsb3BtZW50LXNpZ25pbmcta2V5LTA=".to_owned(),
            resend_api_key: "re_development_only".to_owned(),
            resend_domain: "selfie.test".to_owned(),
            pushover_token: "developmentonlypushovertoken00".to_owned(),
            pushover_user: "developmentonlypushoveruser000".to_owned(),
            facebook_app_id: "1122334455667788".to_owned(),
            facebook_app_secret: "developmentonlyfacebookappsecret".to_owned(),
            turnstile_site_key: "0xdevelopmentonlysitekey".to_owned(),
            turnstile_secret: "0xdevelopmentonlyturnstilesecret".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn development_values_have_the_shape_of_real_ones() {
        let settings = Settings::default();
        assert_eq!(settings.replicate_token.len(), 40);
        let hooks = STANDARD
            .decode(
                settings
                    .replicate_webhook_secret
                    .trim_start_matches("whsec_"),
            )
            .unwrap();
        assert_eq!(hooks, b"selfie-development-hooks");
        assert_eq!(
            STANDARD.decode(&settings.bytescale_signing_key).unwrap(),
            b"selfie-development-signing-key-0"
        );
        assert_eq!(settings.pushover_token.len(), 30);
        assert_eq!(settings.pushover_user.len(), 30);
    }
}
