#!/usr/bin/env bash
# Trains a model and makes a picture with curl: SELFIE_TOKEN=… examples/client.sh PROMPT PHOTO...
# The token is the value of the cookie __Host-session, as the browser's tools show it after signing
# in; the consent text must have been accepted there. SELFIE_ORIGIN names another deployment.
set -euo pipefail

origin=${SELFIE_ORIGIN:-https://selfie.pr}
prompt=$1
shift

# One request. What is refused is a problem document, which curl shows before it fails.
ask() {
  local method=$1 path=$2
  shift 2
  curl --silent --show-error --fail-with-body --request "$method" \
    --header "Authorization: Bearer $SELFIE_TOKEN" "$@" "$origin$path"
}

# The first member of that name whose value is a text.
member() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4; }

# Looks until it is over. A key of its own makes a request that is sent twice count once.
await() {
  local state
  until state=$(ask GET "$1" | member state) && [[ $state =~ ^(ready|succeeded|failed|canceled)$ ]]; do
    sleep "${SELFIE_PAUSE_S:-5}"
  done
  echo "$1 $state"
}
key() { cat /proc/sys/kernel/random/uuid; }
json=(--header "Content-Type: application/json" --data)

model=$(ask POST /api/model "${json[@]}" '{"name":"Made with curl","subject":"person"}' | member id)
for photo in "$@"; do
  ask POST "/api/bytescale?model=$model" --header "Content-Type: image/jpeg" \
    --data-binary "@$photo" >/dev/null
done
ask POST /api/genmodel --header "Idempotency-Key: $(key)" "${json[@]}" "{\"model\":\"$model\"}" >/dev/null
await "/api/model/$model"

prediction=$(ask POST /create --header "Idempotency-Key: $(key)" \
  "${json[@]}" "{\"model\":\"$model\",\"prompt\":\"$prompt\",\"format\":\"jpg\"}" | member id)
await "/api/prediction/$prediction"
ask GET "/api/prediction/$prediction/image/1" --output "$prediction.jpg"
echo "$prediction.jpg"
