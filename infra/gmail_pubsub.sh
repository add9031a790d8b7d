#!/usr/bin/env bash
# Make the Pub/Sub topic Gmail publishes to and the signed push subscription: gmail_pubsub.sh PROJECT PUSH-URL
set -euo pipefail
project=${1:?usage: gmail_pubsub.sh PROJECT PUSH-URL} url=${2:?usage: gmail_pubsub.sh PROJECT PUSH-URL}
account="hearback-push@$project.iam.gserviceaccount.com"
gcloud pubsub topics create hearback-gmail --project "$project"
gcloud pubsub topics add-iam-policy-binding hearback-gmail --project "$project" \
  --member serviceAccount:gmail-api-push@system.gserviceaccount.com --role roles/pubsub.publisher
gcloud iam service-accounts create hearback-push --project "$project"
gcloud pubsub subscriptions create hearback-gmail-push --project "$project" --topic hearback-gmail \
  --push-endpoint "$url" --push-auth-service-account "$account" --push-auth-token-audience hearback-gmail-push --ack-deadline 30
echo "GmailTopic=projects/$project/topics/hearback-gmail PushAccount=$account"
