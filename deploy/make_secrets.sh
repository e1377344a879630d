#!/bin/sh
# Make secrets/ for docker-compose.yml: what is missing there, each value random. Nothing that
# exists is touched, so it may run again after an update.
#
# The folder opens to its owner alone. The files in it are readable, because the containers' users
# have other numbers than those of this machine.
# Without containers: KLA_SECRETS=/etc/kla/secrets KLA_DATABASE=127.0.0.1:5432.
set -eu
cd "$(dirname "$0")/.."
secrets=${KLA_SECRETS:-secrets}
database=${KLA_DATABASE:-db:5432}
umask 077
if [ ! -d "$secrets" ]; then
  mkdir -p "$secrets"
  chmod 700 "$secrets"
fi

random() {
  od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'
}

put() { # name, value
  if [ ! -e "$secrets/$1" ]; then
    printf '%s' "$2" >"$secrets/$1"
    chmod 444 "$secrets/$1"
    echo "made $secrets/$1"
  fi
}

put secret_key "$(random 48)"
put postgres_password "$(random 32)"
put app_password "$(random 32)"
app=$(cat "$secrets"/app_password)
put database_url "postgres://kla_app:$app@$database/kla"
put database_owner_url "postgres://kla:$(cat "$secrets"/postgres_password)@$database/kla"
put email_url none
put whatsapp_token ""
put aws_credentials ""

# For deploy/compose.many.yml.
put pooled_database_url "postgres://kla_app:$app@pgbouncer:6432/kla"
put pgbouncer_users "\"kla_app\" \"$app\"
"
put s3_secret_access_key "$(random 32)" # that of the store below; of another one, put it here
put store_identities "{\"identities\": [{\"name\": \"kla\", \"actions\": [\"Admin\"], \"credentials\": [
  {\"accessKey\": \"kla\", \"secretKey\": \"$(cat "$secrets"/s3_secret_access_key)\"}]}]}
"
put redis_password "$(random 32)"
redis=$(cat "$secrets"/redis_password)
put redis_auth "requirepass $redis
"
put redis_url "redis://:$redis@redis:6379/0"
put rabbitmq_password "$(random 32)"
rabbit=$(cat "$secrets"/rabbitmq_password)
put rabbitmq_user "default_user = kla
default_pass = $rabbit
"
put celery_broker_url "amqp://kla:$rabbit@rabbitmq:5672//"
