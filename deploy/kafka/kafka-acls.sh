#!/usr/bin/env bash
# Every right and quota of this deployment. Made of schemas/topics/, the directory and the list of services by `make schemas`: not to be edited.
# Usage: KAFKA=/opt/kafka/bin BOOTSTRAP=broker:9093 CONFIG=admin.properties ./kafka-acls.sh
# Safe to run again. It removes nothing: `kafka-acls.sh --list` shows what else is there.
# The cluster must deny by default: authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer,
# and allow.everyone.if.no.acl.found is not set.
set -euo pipefail
: "${BOOTSTRAP:?host and port of a broker}" "${CONFIG:?properties file of an administrator}"
acls="${KAFKA:-/opt/kafka/bin}/kafka-acls.sh"
configs="${KAFKA:-/opt/kafka/bin}/kafka-configs.sh"

allow() {
  local user="$1"
  shift
  "$acls" --bootstrap-server "$BOOTSTRAP" --command-config "$CONFIG" --add --allow-principal "User:$user" "$@"
}

limit() {
  "$configs" --bootstrap-server "$BOOTSTRAP" --command-config "$CONFIG" --alter \
    --entity-type users --entity-name "$1" --add-config "$2"
}


# intake: the service `intake`
allow intake --operation Describe --group dispatch. --group people. --group routing. --group tracking. --resource-pattern-type prefixed
allow intake --operation Read --group intake. --resource-pattern-type prefixed
allow intake --operation Describe --topic approvals --topic decisions --topic deliveries --topic match-decisions --topic receipts --topic situations --topic withdrawals
allow intake --operation Read --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage
allow intake --operation Read --operation Write --topic installation
allow intake --operation Write --topic contacts --topic parked.intake --topic redrives
allow intake --operation Describe --topic replies. --resource-pattern-type prefixed
allow intake --operation Write --topic feedback. --resource-pattern-type prefixed
allow intake --operation Write --transactional-id onward.installation
allow intake --operation Write --transactional-id intake. --resource-pattern-type prefixed

# people: the service `people`
allow people --operation Describe --group dispatch. --group intake. --group routing. --group tracking. --resource-pattern-type prefixed
allow people --operation Read --group people. --resource-pattern-type prefixed
allow people --operation Describe --topic approvals --topic decisions --topic deliveries --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic receipts --topic withdrawals
allow people --operation Read --topic contacts --topic match-decisions
allow people --operation Read --operation Write --topic installation
allow people --operation Write --topic match-questions --topic parked.people --topic redrives --topic situations
allow people --operation Describe --topic replies. --resource-pattern-type prefixed
allow people --operation Write --topic feedback. --resource-pattern-type prefixed
allow people --operation Write --transactional-id onward.installation
allow people --operation Write --transactional-id people. --resource-pattern-type prefixed

# routing: the service `routing`
allow routing --operation Describe --group dispatch. --group intake. --group people. --group tracking. --resource-pattern-type prefixed
allow routing --operation Read --group routing. --resource-pattern-type prefixed
allow routing --operation Describe --topic approvals --topic contacts --topic deliveries --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic match-decisions --topic receipts --topic withdrawals
allow routing --operation Read --topic rulesets --topic situations
allow routing --operation Read --operation Write --topic installation
allow routing --operation Write --topic decisions --topic parked.routing --topic redrives --topic shadow-differences
allow routing --operation Describe --topic replies. --resource-pattern-type prefixed
allow routing --operation Write --transactional-id onward.installation
allow routing --operation Write --transactional-id routing. --resource-pattern-type prefixed

# tracking: the service `tracking`
allow tracking --operation Describe --group dispatch. --group intake. --group people. --group routing. --resource-pattern-type prefixed
allow tracking --operation Read --group tracking. --resource-pattern-type prefixed
allow tracking --operation Describe --topic contacts --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic match-decisions --topic situations
allow tracking --operation Read --topic approvals --topic decisions --topic receipts --topic rulesets
allow tracking --operation Read --operation Write --topic installation
allow tracking --operation Write --topic deliveries --topic escalations --topic parked.tracking --topic redrives --topic referral-events --topic withdrawals
allow tracking --operation Read --topic replies. --resource-pattern-type prefixed
allow tracking --operation Write --topic questions. --topic status. --resource-pattern-type prefixed
allow tracking --operation Write --transactional-id onward.installation
allow tracking --operation Write --transactional-id tracking. --resource-pattern-type prefixed

# dispatch: the service `dispatch`
allow dispatch --operation Describe --group intake. --group people. --group routing. --group tracking. --resource-pattern-type prefixed
allow dispatch --operation Read --group dispatch. --resource-pattern-type prefixed
allow dispatch --operation Describe --topic approvals --topic contacts --topic decisions --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic match-decisions --topic situations
allow dispatch --operation Read --topic deliveries --topic rulesets --topic withdrawals
allow dispatch --operation Read --operation Write --topic installation
allow dispatch --operation Write --topic parked.dispatch --topic receipts --topic redrives
allow dispatch --operation Describe --topic replies. --resource-pattern-type prefixed
allow dispatch --operation Write --topic referrals. --resource-pattern-type prefixed
allow dispatch --operation Write --transactional-id onward.installation
allow dispatch --operation Write --transactional-id dispatch. --resource-pattern-type prefixed

# partner-cautions: sends `in.cautions` and hears what became of it
allow partner-cautions --operation Read --group partner-cautions. --resource-pattern-type prefixed
allow partner-cautions --operation Read --topic feedback.cautions --topic questions.cautions --topic status.cautions
allow partner-cautions --operation Write --topic in.cautions
limit partner-cautions producer_byte_rate=1048576,consumer_byte_rate=1048576,request_percentage=25

# partner-control-room: sends `in.control-room` and hears what became of it
allow partner-control-room --operation Read --group partner-control-room. --resource-pattern-type prefixed
allow partner-control-room --operation Read --topic feedback.control-room --topic questions.control-room --topic status.control-room
allow partner-control-room --operation Write --topic in.control-room
limit partner-control-room producer_byte_rate=1048576,consumer_byte_rate=1048576,request_percentage=25

# partner-courts: sends `in.courts` and hears what became of it
allow partner-courts --operation Read --group partner-courts. --resource-pattern-type prefixed
allow partner-courts --operation Read --topic feedback.courts --topic questions.courts --topic status.courts
allow partner-courts --operation Write --topic in.courts
limit partner-courts producer_byte_rate=1048576,consumer_byte_rate=1048576,request_percentage=25

# partner-custody: sends `in.custody` and hears what became of it
allow partner-custody --operation Read --group partner-custody. --resource-pattern-type prefixed
allow partner-custody --operation Read --topic feedback.custody --topic questions.custody --topic status.custody
allow partner-custody --operation Write --topic in.custody
limit partner-custody producer_byte_rate=1048576,consumer_byte_rate=1048576,request_percentage=25

# partner-hmpps: sends `in.hmpps` and hears what became of it
allow partner-hmpps --operation Read --group partner-hmpps. --resource-pattern-type prefixed
allow partner-hmpps --operation Read --topic feedback.hmpps --topic questions.hmpps --topic status.hmpps
allow partner-hmpps --operation Write --topic in.hmpps
limit partner-hmpps producer_byte_rate=1048576,consumer_byte_rate=1048576,request_percentage=25

# partner-liaison: sends `in.liaison` and hears what became of it
allow partner-liaison --operation Read --group partner-liaison. --resource-pattern-type prefixed
allow partner-liaison --operation Read --topic feedback.liaison --topic questions.liaison --topic status.liaison
allow partner-liaison --operation Write --topic in.liaison
limit partner-liaison producer_byte_rate=1048576,consumer_byte_rate=1048576,request_percentage=25

# partner-probation: sends `in.probation` and hears what became of it
allow partner-probation --operation Read --group partner-probation. --resource-pattern-type prefixed
allow partner-probation --operation Read --topic feedback.probation --topic questions.probation --topic status.probation
allow partner-probation --operation Write --topic in.probation
limit partner-probation producer_byte_rate=1048576,consumer_byte_rate=1048576,request_percentage=25

# partner-street-triage: sends `in.street-triage` and hears what became of it
allow partner-street-triage --operation Read --group partner-street-triage. --resource-pattern-type prefixed
allow partner-street-triage --operation Read --topic feedback.street-triage --topic questions.street-triage --topic status.street-triage
allow partner-street-triage --operation Write --topic in.street-triage
limit partner-street-triage producer_byte_rate=1048576,consumer_byte_rate=1048576,request_percentage=25

# provider-birmingham-alcohol-treatment: receives its referrals and answers them
allow provider-birmingham-alcohol-treatment --operation Read --group provider-birmingham-alcohol-treatment. --resource-pattern-type prefixed
allow provider-birmingham-alcohol-treatment --operation Read --topic referrals.birmingham-alcohol-treatment
allow provider-birmingham-alcohol-treatment --operation Write --topic replies.birmingham-alcohol-treatment
limit provider-birmingham-alcohol-treatment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-birmingham-annexe-drug-treatment: receives its referrals and answers them
allow provider-birmingham-annexe-drug-treatment --operation Read --group provider-birmingham-annexe-drug-treatment. --resource-pattern-type prefixed
allow provider-birmingham-annexe-drug-treatment --operation Read --topic referrals.birmingham-annexe-drug-treatment
allow provider-birmingham-annexe-drug-treatment --operation Write --topic replies.birmingham-annexe-drug-treatment
limit provider-birmingham-annexe-drug-treatment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-birmingham-childrens-social-care: receives its referrals and answers them
allow provider-birmingham-childrens-social-care --operation Read --group provider-birmingham-childrens-social-care. --resource-pattern-type prefixed
allow provider-birmingham-childrens-social-care --operation Read --topic referrals.birmingham-childrens-social-care
allow provider-birmingham-childrens-social-care --operation Write --topic replies.birmingham-childrens-social-care
limit provider-birmingham-childrens-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-birmingham-community-mental-health: receives its referrals and answers them
allow provider-birmingham-community-mental-health --operation Read --group provider-birmingham-community-mental-health. --resource-pattern-type prefixed
allow provider-birmingham-community-mental-health --operation Read --topic referrals.birmingham-community-mental-health
allow provider-birmingham-community-mental-health --operation Write --topic replies.birmingham-community-mental-health
limit provider-birmingham-community-mental-health producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-birmingham-drug-treatment: receives its referrals and answers them
allow provider-birmingham-drug-treatment --operation Read --group provider-birmingham-drug-treatment. --resource-pattern-type prefixed
allow provider-birmingham-drug-treatment --operation Read --topic referrals.birmingham-drug-treatment
allow provider-birmingham-drug-treatment --operation Write --topic replies.birmingham-drug-treatment
limit provider-birmingham-drug-treatment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-birmingham-housing: receives its referrals and answers them
allow provider-birmingham-housing --operation Read --group provider-birmingham-housing. --resource-pattern-type prefixed
allow provider-birmingham-housing --operation Read --topic referrals.birmingham-housing
allow provider-birmingham-housing --operation Write --topic replies.birmingham-housing
limit provider-birmingham-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-birmingham-primary-care: receives its referrals and answers them
allow provider-birmingham-primary-care --operation Read --group provider-birmingham-primary-care. --resource-pattern-type prefixed
allow provider-birmingham-primary-care --operation Read --topic referrals.birmingham-primary-care
allow provider-birmingham-primary-care --operation Write --topic replies.birmingham-primary-care
limit provider-birmingham-primary-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-birmingham-supported-housing: receives its referrals and answers them
allow provider-birmingham-supported-housing --operation Read --group provider-birmingham-supported-housing. --resource-pattern-type prefixed
allow provider-birmingham-supported-housing --operation Read --topic referrals.birmingham-supported-housing
allow provider-birmingham-supported-housing --operation Write --topic replies.birmingham-supported-housing
limit provider-birmingham-supported-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-birmingham-womens-centre: receives its referrals and answers them
allow provider-birmingham-womens-centre --operation Read --group provider-birmingham-womens-centre. --resource-pattern-type prefixed
allow provider-birmingham-womens-centre --operation Read --topic referrals.birmingham-womens-centre
allow provider-birmingham-womens-centre --operation Write --topic replies.birmingham-womens-centre
limit provider-birmingham-womens-centre producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-birmingham-youth-justice: receives its referrals and answers them
allow provider-birmingham-youth-justice --operation Read --group provider-birmingham-youth-justice. --resource-pattern-type prefixed
allow provider-birmingham-youth-justice --operation Read --topic referrals.birmingham-youth-justice
allow provider-birmingham-youth-justice --operation Write --topic replies.birmingham-youth-justice
limit provider-birmingham-youth-justice producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-black-country-alcohol-treatment: receives its referrals and answers them
allow provider-black-country-alcohol-treatment --operation Read --group provider-black-country-alcohol-treatment. --resource-pattern-type prefixed
allow provider-black-country-alcohol-treatment --operation Read --topic referrals.black-country-alcohol-treatment
allow provider-black-country-alcohol-treatment --operation Write --topic replies.black-country-alcohol-treatment
limit provider-black-country-alcohol-treatment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-black-country-community-mental-health: receives its referrals and answers them
allow provider-black-country-community-mental-health --operation Read --group provider-black-country-community-mental-health. --resource-pattern-type prefixed
allow provider-black-country-community-mental-health --operation Read --topic referrals.black-country-community-mental-health
allow provider-black-country-community-mental-health --operation Write --topic replies.black-country-community-mental-health
limit provider-black-country-community-mental-health producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-black-country-drug-treatment: receives its referrals and answers them
allow provider-black-country-drug-treatment --operation Read --group provider-black-country-drug-treatment. --resource-pattern-type prefixed
allow provider-black-country-drug-treatment --operation Read --topic referrals.black-country-drug-treatment
allow provider-black-country-drug-treatment --operation Write --topic replies.black-country-drug-treatment
limit provider-black-country-drug-treatment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-black-country-primary-care: receives its referrals and answers them
allow provider-black-country-primary-care --operation Read --group provider-black-country-primary-care. --resource-pattern-type prefixed
allow provider-black-country-primary-care --operation Read --topic referrals.black-country-primary-care
allow provider-black-country-primary-care --operation Write --topic replies.black-country-primary-care
limit provider-black-country-primary-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-black-country-supported-housing: receives its referrals and answers them
allow provider-black-country-supported-housing --operation Read --group provider-black-country-supported-housing. --resource-pattern-type prefixed
allow provider-black-country-supported-housing --operation Read --topic referrals.black-country-supported-housing
allow provider-black-country-supported-housing --operation Write --topic replies.black-country-supported-housing
limit provider-black-country-supported-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-black-country-womens-centre: receives its referrals and answers them
allow provider-black-country-womens-centre --operation Read --group provider-black-country-womens-centre. --resource-pattern-type prefixed
allow provider-black-country-womens-centre --operation Read --topic referrals.black-country-womens-centre
allow provider-black-country-womens-centre --operation Write --topic replies.black-country-womens-centre
limit provider-black-country-womens-centre producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-black-country-youth-justice: receives its referrals and answers them
allow provider-black-country-youth-justice --operation Read --group provider-black-country-youth-justice. --resource-pattern-type prefixed
allow provider-black-country-youth-justice --operation Read --topic referrals.black-country-youth-justice
allow provider-black-country-youth-justice --operation Write --topic replies.black-country-youth-justice
limit provider-black-country-youth-justice producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridge-housing: receives its referrals and answers them
allow provider-cambridge-housing --operation Read --group provider-cambridge-housing. --resource-pattern-type prefixed
allow provider-cambridge-housing --operation Read --topic referrals.cambridge-housing
allow provider-cambridge-housing --operation Write --topic replies.cambridge-housing
limit provider-cambridge-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-camhs: receives its referrals and answers them
allow provider-cambridgeshire-camhs --operation Read --group provider-cambridgeshire-camhs. --resource-pattern-type prefixed
allow provider-cambridgeshire-camhs --operation Read --topic referrals.cambridgeshire-camhs
allow provider-cambridgeshire-camhs --operation Write --topic replies.cambridgeshire-camhs
limit provider-cambridgeshire-camhs producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-caution-scheme: receives its referrals and answers them
allow provider-cambridgeshire-caution-scheme --operation Read --group provider-cambridgeshire-caution-scheme. --resource-pattern-type prefixed
allow provider-cambridgeshire-caution-scheme --operation Read --topic referrals.cambridgeshire-caution-scheme
allow provider-cambridgeshire-caution-scheme --operation Write --topic replies.cambridgeshire-caution-scheme
limit provider-cambridgeshire-caution-scheme producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-childrens-social-care: receives its referrals and answers them
allow provider-cambridgeshire-childrens-social-care --operation Read --group provider-cambridgeshire-childrens-social-care. --resource-pattern-type prefixed
allow provider-cambridgeshire-childrens-social-care --operation Read --topic referrals.cambridgeshire-childrens-social-care
allow provider-cambridgeshire-childrens-social-care --operation Write --topic replies.cambridgeshire-childrens-social-care
limit provider-cambridgeshire-childrens-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-childrens-victim-support: receives its referrals and answers them
allow provider-cambridgeshire-childrens-victim-support --operation Read --group provider-cambridgeshire-childrens-victim-support. --resource-pattern-type prefixed
allow provider-cambridgeshire-childrens-victim-support --operation Read --topic referrals.cambridgeshire-childrens-victim-support
allow provider-cambridgeshire-childrens-victim-support --operation Write --topic replies.cambridgeshire-childrens-victim-support
limit provider-cambridgeshire-childrens-victim-support producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-crisis-team: receives its referrals and answers them
allow provider-cambridgeshire-crisis-team --operation Read --group provider-cambridgeshire-crisis-team. --resource-pattern-type prefixed
allow provider-cambridgeshire-crisis-team --operation Read --topic referrals.cambridgeshire-crisis-team
allow provider-cambridgeshire-crisis-team --operation Write --topic replies.cambridgeshire-crisis-team
limit provider-cambridgeshire-crisis-team producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-debt-advice: receives its referrals and answers them
allow provider-cambridgeshire-debt-advice --operation Read --group provider-cambridgeshire-debt-advice. --resource-pattern-type prefixed
allow provider-cambridgeshire-debt-advice --operation Read --topic referrals.cambridgeshire-debt-advice
allow provider-cambridgeshire-debt-advice --operation Write --topic replies.cambridgeshire-debt-advice
limit provider-cambridgeshire-debt-advice producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-dual-diagnosis: receives its referrals and answers them
allow provider-cambridgeshire-dual-diagnosis --operation Read --group provider-cambridgeshire-dual-diagnosis. --resource-pattern-type prefixed
allow provider-cambridgeshire-dual-diagnosis --operation Read --topic referrals.cambridgeshire-dual-diagnosis
allow provider-cambridgeshire-dual-diagnosis --operation Write --topic replies.cambridgeshire-dual-diagnosis
limit provider-cambridgeshire-dual-diagnosis producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-employment: receives its referrals and answers them
allow provider-cambridgeshire-employment --operation Read --group provider-cambridgeshire-employment. --resource-pattern-type prefixed
allow provider-cambridgeshire-employment --operation Read --topic referrals.cambridgeshire-employment
allow provider-cambridgeshire-employment --operation Write --topic replies.cambridgeshire-employment
limit provider-cambridgeshire-employment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-family-support: receives its referrals and answers them
allow provider-cambridgeshire-family-support --operation Read --group provider-cambridgeshire-family-support. --resource-pattern-type prefixed
allow provider-cambridgeshire-family-support --operation Read --topic referrals.cambridgeshire-family-support
allow provider-cambridgeshire-family-support --operation Write --topic replies.cambridgeshire-family-support
limit provider-cambridgeshire-family-support producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-gangs-exit: receives its referrals and answers them
allow provider-cambridgeshire-gangs-exit --operation Read --group provider-cambridgeshire-gangs-exit. --resource-pattern-type prefixed
allow provider-cambridgeshire-gangs-exit --operation Read --topic referrals.cambridgeshire-gangs-exit
allow provider-cambridgeshire-gangs-exit --operation Write --topic replies.cambridgeshire-gangs-exit
limit provider-cambridgeshire-gangs-exit producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-hospital-liaison: receives its referrals and answers them
allow provider-cambridgeshire-hospital-liaison --operation Read --group provider-cambridgeshire-hospital-liaison. --resource-pattern-type prefixed
allow provider-cambridgeshire-hospital-liaison --operation Read --topic referrals.cambridgeshire-hospital-liaison
allow provider-cambridgeshire-hospital-liaison --operation Write --topic replies.cambridgeshire-hospital-liaison
limit provider-cambridgeshire-hospital-liaison producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-idva: receives its referrals and answers them
allow provider-cambridgeshire-idva --operation Read --group provider-cambridgeshire-idva. --resource-pattern-type prefixed
allow provider-cambridgeshire-idva --operation Read --topic referrals.cambridgeshire-idva
allow provider-cambridgeshire-idva --operation Write --topic replies.cambridgeshire-idva
limit provider-cambridgeshire-idva producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-learning-disability: receives its referrals and answers them
allow provider-cambridgeshire-learning-disability --operation Read --group provider-cambridgeshire-learning-disability. --resource-pattern-type prefixed
allow provider-cambridgeshire-learning-disability --operation Read --topic referrals.cambridgeshire-learning-disability
allow provider-cambridgeshire-learning-disability --operation Write --topic replies.cambridgeshire-learning-disability
limit provider-cambridgeshire-learning-disability producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-liaison-diversion: receives its referrals and answers them
allow provider-cambridgeshire-liaison-diversion --operation Read --group provider-cambridgeshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-cambridgeshire-liaison-diversion --operation Read --topic referrals.cambridgeshire-liaison-diversion
allow provider-cambridgeshire-liaison-diversion --operation Write --topic replies.cambridgeshire-liaison-diversion
limit provider-cambridgeshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-marac: receives its referrals and answers them
allow provider-cambridgeshire-marac --operation Read --group provider-cambridgeshire-marac. --resource-pattern-type prefixed
allow provider-cambridgeshire-marac --operation Read --topic referrals.cambridgeshire-marac
allow provider-cambridgeshire-marac --operation Write --topic replies.cambridgeshire-marac
limit provider-cambridgeshire-marac producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-perpetrator-programme: receives its referrals and answers them
allow provider-cambridgeshire-perpetrator-programme --operation Read --group provider-cambridgeshire-perpetrator-programme. --resource-pattern-type prefixed
allow provider-cambridgeshire-perpetrator-programme --operation Read --topic referrals.cambridgeshire-perpetrator-programme
allow provider-cambridgeshire-perpetrator-programme --operation Write --topic replies.cambridgeshire-perpetrator-programme
limit provider-cambridgeshire-perpetrator-programme producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-place-of-safety: receives its referrals and answers them
allow provider-cambridgeshire-place-of-safety --operation Read --group provider-cambridgeshire-place-of-safety. --resource-pattern-type prefixed
allow provider-cambridgeshire-place-of-safety --operation Read --topic referrals.cambridgeshire-place-of-safety
allow provider-cambridgeshire-place-of-safety --operation Write --topic replies.cambridgeshire-place-of-safety
limit provider-cambridgeshire-place-of-safety producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-reconnect: receives its referrals and answers them
allow provider-cambridgeshire-reconnect --operation Read --group provider-cambridgeshire-reconnect. --resource-pattern-type prefixed
allow provider-cambridgeshire-reconnect --operation Read --topic referrals.cambridgeshire-reconnect
allow provider-cambridgeshire-reconnect --operation Write --topic replies.cambridgeshire-reconnect
limit provider-cambridgeshire-reconnect producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-social-inclusion: receives its referrals and answers them
allow provider-cambridgeshire-social-inclusion --operation Read --group provider-cambridgeshire-social-inclusion. --resource-pattern-type prefixed
allow provider-cambridgeshire-social-inclusion --operation Read --topic referrals.cambridgeshire-social-inclusion
allow provider-cambridgeshire-social-inclusion --operation Write --topic replies.cambridgeshire-social-inclusion
limit provider-cambridgeshire-social-inclusion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-street-outreach: receives its referrals and answers them
allow provider-cambridgeshire-street-outreach --operation Read --group provider-cambridgeshire-street-outreach. --resource-pattern-type prefixed
allow provider-cambridgeshire-street-outreach --operation Read --topic referrals.cambridgeshire-street-outreach
allow provider-cambridgeshire-street-outreach --operation Write --topic replies.cambridgeshire-street-outreach
limit provider-cambridgeshire-street-outreach producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-thinking-skills: receives its referrals and answers them
allow provider-cambridgeshire-thinking-skills --operation Read --group provider-cambridgeshire-thinking-skills. --resource-pattern-type prefixed
allow provider-cambridgeshire-thinking-skills --operation Read --topic referrals.cambridgeshire-thinking-skills
allow provider-cambridgeshire-thinking-skills --operation Write --topic replies.cambridgeshire-thinking-skills
limit provider-cambridgeshire-thinking-skills producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-victim-support: receives its referrals and answers them
allow provider-cambridgeshire-victim-support --operation Read --group provider-cambridgeshire-victim-support. --resource-pattern-type prefixed
allow provider-cambridgeshire-victim-support --operation Read --topic referrals.cambridgeshire-victim-support
allow provider-cambridgeshire-victim-support --operation Write --topic replies.cambridgeshire-victim-support
limit provider-cambridgeshire-victim-support producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-young-peoples-substance-use: receives its referrals and answers them
allow provider-cambridgeshire-young-peoples-substance-use --operation Read --group provider-cambridgeshire-young-peoples-substance-use. --resource-pattern-type prefixed
allow provider-cambridgeshire-young-peoples-substance-use --operation Read --topic referrals.cambridgeshire-young-peoples-substance-use
allow provider-cambridgeshire-young-peoples-substance-use --operation Write --topic replies.cambridgeshire-young-peoples-substance-use
limit provider-cambridgeshire-young-peoples-substance-use producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-youth-service: receives its referrals and answers them
allow provider-cambridgeshire-youth-service --operation Read --group provider-cambridgeshire-youth-service. --resource-pattern-type prefixed
allow provider-cambridgeshire-youth-service --operation Read --topic referrals.cambridgeshire-youth-service
allow provider-cambridgeshire-youth-service --operation Write --topic replies.cambridgeshire-youth-service
limit provider-cambridgeshire-youth-service producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-coventry-alcohol-treatment: receives its referrals and answers them
allow provider-coventry-alcohol-treatment --operation Read --group provider-coventry-alcohol-treatment. --resource-pattern-type prefixed
allow provider-coventry-alcohol-treatment --operation Read --topic referrals.coventry-alcohol-treatment
allow provider-coventry-alcohol-treatment --operation Write --topic replies.coventry-alcohol-treatment
limit provider-coventry-alcohol-treatment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-coventry-childrens-social-care: receives its referrals and answers them
allow provider-coventry-childrens-social-care --operation Read --group provider-coventry-childrens-social-care. --resource-pattern-type prefixed
allow provider-coventry-childrens-social-care --operation Read --topic referrals.coventry-childrens-social-care
allow provider-coventry-childrens-social-care --operation Write --topic replies.coventry-childrens-social-care
limit provider-coventry-childrens-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-coventry-community-mental-health: receives its referrals and answers them
allow provider-coventry-community-mental-health --operation Read --group provider-coventry-community-mental-health. --resource-pattern-type prefixed
allow provider-coventry-community-mental-health --operation Read --topic referrals.coventry-community-mental-health
allow provider-coventry-community-mental-health --operation Write --topic replies.coventry-community-mental-health
limit provider-coventry-community-mental-health producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-coventry-drug-treatment: receives its referrals and answers them
allow provider-coventry-drug-treatment --operation Read --group provider-coventry-drug-treatment. --resource-pattern-type prefixed
allow provider-coventry-drug-treatment --operation Read --topic referrals.coventry-drug-treatment
allow provider-coventry-drug-treatment --operation Write --topic replies.coventry-drug-treatment
limit provider-coventry-drug-treatment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-coventry-housing: receives its referrals and answers them
allow provider-coventry-housing --operation Read --group provider-coventry-housing. --resource-pattern-type prefixed
allow provider-coventry-housing --operation Read --topic referrals.coventry-housing
allow provider-coventry-housing --operation Write --topic replies.coventry-housing
limit provider-coventry-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-coventry-primary-care: receives its referrals and answers them
allow provider-coventry-primary-care --operation Read --group provider-coventry-primary-care. --resource-pattern-type prefixed
allow provider-coventry-primary-care --operation Read --topic referrals.coventry-primary-care
allow provider-coventry-primary-care --operation Write --topic replies.coventry-primary-care
limit provider-coventry-primary-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-coventry-supported-housing: receives its referrals and answers them
allow provider-coventry-supported-housing --operation Read --group provider-coventry-supported-housing. --resource-pattern-type prefixed
allow provider-coventry-supported-housing --operation Read --topic referrals.coventry-supported-housing
allow provider-coventry-supported-housing --operation Write --topic replies.coventry-supported-housing
limit provider-coventry-supported-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-coventry-womens-centre: receives its referrals and answers them
allow provider-coventry-womens-centre --operation Read --group provider-coventry-womens-centre. --resource-pattern-type prefixed
allow provider-coventry-womens-centre --operation Read --topic referrals.coventry-womens-centre
allow provider-coventry-womens-centre --operation Write --topic replies.coventry-womens-centre
limit provider-coventry-womens-centre producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-coventry-youth-justice: receives its referrals and answers them
allow provider-coventry-youth-justice --operation Read --group provider-coventry-youth-justice. --resource-pattern-type prefixed
allow provider-coventry-youth-justice --operation Read --topic referrals.coventry-youth-justice
allow provider-coventry-youth-justice --operation Write --topic replies.coventry-youth-justice
limit provider-coventry-youth-justice producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-dudley-childrens-social-care: receives its referrals and answers them
allow provider-dudley-childrens-social-care --operation Read --group provider-dudley-childrens-social-care. --resource-pattern-type prefixed
allow provider-dudley-childrens-social-care --operation Read --topic referrals.dudley-childrens-social-care
allow provider-dudley-childrens-social-care --operation Write --topic replies.dudley-childrens-social-care
limit provider-dudley-childrens-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-dudley-housing: receives its referrals and answers them
allow provider-dudley-housing --operation Read --group provider-dudley-housing. --resource-pattern-type prefixed
allow provider-dudley-housing --operation Read --topic referrals.dudley-housing
allow provider-dudley-housing --operation Write --topic replies.dudley-housing
limit provider-dudley-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-east-cambridgeshire-housing: receives its referrals and answers them
allow provider-east-cambridgeshire-housing --operation Read --group provider-east-cambridgeshire-housing. --resource-pattern-type prefixed
allow provider-east-cambridgeshire-housing --operation Read --topic referrals.east-cambridgeshire-housing
allow provider-east-cambridgeshire-housing --operation Write --topic replies.east-cambridgeshire-housing
limit provider-east-cambridgeshire-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-fenland-housing: receives its referrals and answers them
allow provider-fenland-housing --operation Read --group provider-fenland-housing. --resource-pattern-type prefixed
allow provider-fenland-housing --operation Read --topic referrals.fenland-housing
allow provider-fenland-housing --operation Write --topic replies.fenland-housing
limit provider-fenland-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-huntingdonshire-housing: receives its referrals and answers them
allow provider-huntingdonshire-housing --operation Read --group provider-huntingdonshire-housing. --resource-pattern-type prefixed
allow provider-huntingdonshire-housing --operation Read --topic referrals.huntingdonshire-housing
allow provider-huntingdonshire-housing --operation Write --topic replies.huntingdonshire-housing
limit provider-huntingdonshire-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-national-cas3: receives its referrals and answers them
allow provider-national-cas3 --operation Read --group provider-national-cas3. --resource-pattern-type prefixed
allow provider-national-cas3 --operation Read --topic referrals.national-cas3
allow provider-national-cas3 --operation Write --topic replies.national-cas3
limit provider-national-cas3 producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-national-crisis-line: receives its referrals and answers them
allow provider-national-crisis-line --operation Read --group provider-national-crisis-line. --resource-pattern-type prefixed
allow provider-national-crisis-line --operation Read --topic referrals.national-crisis-line
allow provider-national-crisis-line --operation Write --topic replies.national-crisis-line
limit provider-national-crisis-line producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-north-cambs-area-alcohol-treatment: receives its referrals and answers them
allow provider-north-cambs-area-alcohol-treatment --operation Read --group provider-north-cambs-area-alcohol-treatment. --resource-pattern-type prefixed
allow provider-north-cambs-area-alcohol-treatment --operation Read --topic referrals.north-cambs-area-alcohol-treatment
allow provider-north-cambs-area-alcohol-treatment --operation Write --topic replies.north-cambs-area-alcohol-treatment
limit provider-north-cambs-area-alcohol-treatment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-north-cambs-area-community-mental-health: receives its referrals and answers them
allow provider-north-cambs-area-community-mental-health --operation Read --group provider-north-cambs-area-community-mental-health. --resource-pattern-type prefixed
allow provider-north-cambs-area-community-mental-health --operation Read --topic referrals.north-cambs-area-community-mental-health
allow provider-north-cambs-area-community-mental-health --operation Write --topic replies.north-cambs-area-community-mental-health
limit provider-north-cambs-area-community-mental-health producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-north-cambs-area-drug-treatment: receives its referrals and answers them
allow provider-north-cambs-area-drug-treatment --operation Read --group provider-north-cambs-area-drug-treatment. --resource-pattern-type prefixed
allow provider-north-cambs-area-drug-treatment --operation Read --topic referrals.north-cambs-area-drug-treatment
allow provider-north-cambs-area-drug-treatment --operation Write --topic replies.north-cambs-area-drug-treatment
limit provider-north-cambs-area-drug-treatment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-north-cambs-area-primary-care: receives its referrals and answers them
allow provider-north-cambs-area-primary-care --operation Read --group provider-north-cambs-area-primary-care. --resource-pattern-type prefixed
allow provider-north-cambs-area-primary-care --operation Read --topic referrals.north-cambs-area-primary-care
allow provider-north-cambs-area-primary-care --operation Write --topic replies.north-cambs-area-primary-care
limit provider-north-cambs-area-primary-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-north-cambs-area-supported-housing: receives its referrals and answers them
allow provider-north-cambs-area-supported-housing --operation Read --group provider-north-cambs-area-supported-housing. --resource-pattern-type prefixed
allow provider-north-cambs-area-supported-housing --operation Read --topic referrals.north-cambs-area-supported-housing
allow provider-north-cambs-area-supported-housing --operation Write --topic replies.north-cambs-area-supported-housing
limit provider-north-cambs-area-supported-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-north-cambs-area-womens-centre: receives its referrals and answers them
allow provider-north-cambs-area-womens-centre --operation Read --group provider-north-cambs-area-womens-centre. --resource-pattern-type prefixed
allow provider-north-cambs-area-womens-centre --operation Read --topic referrals.north-cambs-area-womens-centre
allow provider-north-cambs-area-womens-centre --operation Write --topic replies.north-cambs-area-womens-centre
limit provider-north-cambs-area-womens-centre producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-north-cambs-area-youth-justice: receives its referrals and answers them
allow provider-north-cambs-area-youth-justice --operation Read --group provider-north-cambs-area-youth-justice. --resource-pattern-type prefixed
allow provider-north-cambs-area-youth-justice --operation Read --topic referrals.north-cambs-area-youth-justice
allow provider-north-cambs-area-youth-justice --operation Write --topic replies.north-cambs-area-youth-justice
limit provider-north-cambs-area-youth-justice producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-peterborough-childrens-social-care: receives its referrals and answers them
allow provider-peterborough-childrens-social-care --operation Read --group provider-peterborough-childrens-social-care. --resource-pattern-type prefixed
allow provider-peterborough-childrens-social-care --operation Read --topic referrals.peterborough-childrens-social-care
allow provider-peterborough-childrens-social-care --operation Write --topic replies.peterborough-childrens-social-care
limit provider-peterborough-childrens-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-peterborough-housing: receives its referrals and answers them
allow provider-peterborough-housing --operation Read --group provider-peterborough-housing. --resource-pattern-type prefixed
allow provider-peterborough-housing --operation Read --topic referrals.peterborough-housing
allow provider-peterborough-housing --operation Write --topic replies.peterborough-housing
limit provider-peterborough-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-sandwell-childrens-social-care: receives its referrals and answers them
allow provider-sandwell-childrens-social-care --operation Read --group provider-sandwell-childrens-social-care. --resource-pattern-type prefixed
allow provider-sandwell-childrens-social-care --operation Read --topic referrals.sandwell-childrens-social-care
allow provider-sandwell-childrens-social-care --operation Write --topic replies.sandwell-childrens-social-care
limit provider-sandwell-childrens-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-sandwell-housing: receives its referrals and answers them
allow provider-sandwell-housing --operation Read --group provider-sandwell-housing. --resource-pattern-type prefixed
allow provider-sandwell-housing --operation Read --topic referrals.sandwell-housing
allow provider-sandwell-housing --operation Write --topic replies.sandwell-housing
limit provider-sandwell-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-solihull-childrens-social-care: receives its referrals and answers them
allow provider-solihull-childrens-social-care --operation Read --group provider-solihull-childrens-social-care. --resource-pattern-type prefixed
allow provider-solihull-childrens-social-care --operation Read --topic referrals.solihull-childrens-social-care
allow provider-solihull-childrens-social-care --operation Write --topic replies.solihull-childrens-social-care
limit provider-solihull-childrens-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-solihull-housing: receives its referrals and answers them
allow provider-solihull-housing --operation Read --group provider-solihull-housing. --resource-pattern-type prefixed
allow provider-solihull-housing --operation Read --topic referrals.solihull-housing
allow provider-solihull-housing --operation Write --topic replies.solihull-housing
limit provider-solihull-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-south-cambridgeshire-housing: receives its referrals and answers them
allow provider-south-cambridgeshire-housing --operation Read --group provider-south-cambridgeshire-housing. --resource-pattern-type prefixed
allow provider-south-cambridgeshire-housing --operation Read --topic referrals.south-cambridgeshire-housing
allow provider-south-cambridgeshire-housing --operation Write --topic replies.south-cambridgeshire-housing
limit provider-south-cambridgeshire-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-south-cambs-area-alcohol-treatment: receives its referrals and answers them
allow provider-south-cambs-area-alcohol-treatment --operation Read --group provider-south-cambs-area-alcohol-treatment. --resource-pattern-type prefixed
allow provider-south-cambs-area-alcohol-treatment --operation Read --topic referrals.south-cambs-area-alcohol-treatment
allow provider-south-cambs-area-alcohol-treatment --operation Write --topic replies.south-cambs-area-alcohol-treatment
limit provider-south-cambs-area-alcohol-treatment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-south-cambs-area-community-mental-health: receives its referrals and answers them
allow provider-south-cambs-area-community-mental-health --operation Read --group provider-south-cambs-area-community-mental-health. --resource-pattern-type prefixed
allow provider-south-cambs-area-community-mental-health --operation Read --topic referrals.south-cambs-area-community-mental-health
allow provider-south-cambs-area-community-mental-health --operation Write --topic replies.south-cambs-area-community-mental-health
limit provider-south-cambs-area-community-mental-health producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-south-cambs-area-drug-treatment: receives its referrals and answers them
allow provider-south-cambs-area-drug-treatment --operation Read --group provider-south-cambs-area-drug-treatment. --resource-pattern-type prefixed
allow provider-south-cambs-area-drug-treatment --operation Read --topic referrals.south-cambs-area-drug-treatment
allow provider-south-cambs-area-drug-treatment --operation Write --topic replies.south-cambs-area-drug-treatment
limit provider-south-cambs-area-drug-treatment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-south-cambs-area-primary-care: receives its referrals and answers them
allow provider-south-cambs-area-primary-care --operation Read --group provider-south-cambs-area-primary-care. --resource-pattern-type prefixed
allow provider-south-cambs-area-primary-care --operation Read --topic referrals.south-cambs-area-primary-care
allow provider-south-cambs-area-primary-care --operation Write --topic replies.south-cambs-area-primary-care
limit provider-south-cambs-area-primary-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-south-cambs-area-supported-housing: receives its referrals and answers them
allow provider-south-cambs-area-supported-housing --operation Read --group provider-south-cambs-area-supported-housing. --resource-pattern-type prefixed
allow provider-south-cambs-area-supported-housing --operation Read --topic referrals.south-cambs-area-supported-housing
allow provider-south-cambs-area-supported-housing --operation Write --topic replies.south-cambs-area-supported-housing
limit provider-south-cambs-area-supported-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-south-cambs-area-womens-centre: receives its referrals and answers them
allow provider-south-cambs-area-womens-centre --operation Read --group provider-south-cambs-area-womens-centre. --resource-pattern-type prefixed
allow provider-south-cambs-area-womens-centre --operation Read --topic referrals.south-cambs-area-womens-centre
allow provider-south-cambs-area-womens-centre --operation Write --topic replies.south-cambs-area-womens-centre
limit provider-south-cambs-area-womens-centre producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-south-cambs-area-youth-justice: receives its referrals and answers them
allow provider-south-cambs-area-youth-justice --operation Read --group provider-south-cambs-area-youth-justice. --resource-pattern-type prefixed
allow provider-south-cambs-area-youth-justice --operation Read --topic referrals.south-cambs-area-youth-justice
allow provider-south-cambs-area-youth-justice --operation Write --topic replies.south-cambs-area-youth-justice
limit provider-south-cambs-area-youth-justice producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-walsall-childrens-social-care: receives its referrals and answers them
allow provider-walsall-childrens-social-care --operation Read --group provider-walsall-childrens-social-care. --resource-pattern-type prefixed
allow provider-walsall-childrens-social-care --operation Read --topic referrals.walsall-childrens-social-care
allow provider-walsall-childrens-social-care --operation Write --topic replies.walsall-childrens-social-care
limit provider-walsall-childrens-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-walsall-housing: receives its referrals and answers them
allow provider-walsall-housing --operation Read --group provider-walsall-housing. --resource-pattern-type prefixed
allow provider-walsall-housing --operation Read --topic referrals.walsall-housing
allow provider-walsall-housing --operation Write --topic replies.walsall-housing
limit provider-walsall-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-camhs: receives its referrals and answers them
allow provider-west-midlands-camhs --operation Read --group provider-west-midlands-camhs. --resource-pattern-type prefixed
allow provider-west-midlands-camhs --operation Read --topic referrals.west-midlands-camhs
allow provider-west-midlands-camhs --operation Write --topic replies.west-midlands-camhs
limit provider-west-midlands-camhs producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-caution-scheme: receives its referrals and answers them
allow provider-west-midlands-caution-scheme --operation Read --group provider-west-midlands-caution-scheme. --resource-pattern-type prefixed
allow provider-west-midlands-caution-scheme --operation Read --topic referrals.west-midlands-caution-scheme
allow provider-west-midlands-caution-scheme --operation Write --topic replies.west-midlands-caution-scheme
limit provider-west-midlands-caution-scheme producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-childrens-victim-support: receives its referrals and answers them
allow provider-west-midlands-childrens-victim-support --operation Read --group provider-west-midlands-childrens-victim-support. --resource-pattern-type prefixed
allow provider-west-midlands-childrens-victim-support --operation Read --topic referrals.west-midlands-childrens-victim-support
allow provider-west-midlands-childrens-victim-support --operation Write --topic replies.west-midlands-childrens-victim-support
limit provider-west-midlands-childrens-victim-support producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-crisis-team: receives its referrals and answers them
allow provider-west-midlands-crisis-team --operation Read --group provider-west-midlands-crisis-team. --resource-pattern-type prefixed
allow provider-west-midlands-crisis-team --operation Read --topic referrals.west-midlands-crisis-team
allow provider-west-midlands-crisis-team --operation Write --topic replies.west-midlands-crisis-team
limit provider-west-midlands-crisis-team producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-debt-advice: receives its referrals and answers them
allow provider-west-midlands-debt-advice --operation Read --group provider-west-midlands-debt-advice. --resource-pattern-type prefixed
allow provider-west-midlands-debt-advice --operation Read --topic referrals.west-midlands-debt-advice
allow provider-west-midlands-debt-advice --operation Write --topic replies.west-midlands-debt-advice
limit provider-west-midlands-debt-advice producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-dual-diagnosis: receives its referrals and answers them
allow provider-west-midlands-dual-diagnosis --operation Read --group provider-west-midlands-dual-diagnosis. --resource-pattern-type prefixed
allow provider-west-midlands-dual-diagnosis --operation Read --topic referrals.west-midlands-dual-diagnosis
allow provider-west-midlands-dual-diagnosis --operation Write --topic replies.west-midlands-dual-diagnosis
limit provider-west-midlands-dual-diagnosis producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-employment: receives its referrals and answers them
allow provider-west-midlands-employment --operation Read --group provider-west-midlands-employment. --resource-pattern-type prefixed
allow provider-west-midlands-employment --operation Read --topic referrals.west-midlands-employment
allow provider-west-midlands-employment --operation Write --topic replies.west-midlands-employment
limit provider-west-midlands-employment producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-family-support: receives its referrals and answers them
allow provider-west-midlands-family-support --operation Read --group provider-west-midlands-family-support. --resource-pattern-type prefixed
allow provider-west-midlands-family-support --operation Read --topic referrals.west-midlands-family-support
allow provider-west-midlands-family-support --operation Write --topic replies.west-midlands-family-support
limit provider-west-midlands-family-support producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-gangs-exit: receives its referrals and answers them
allow provider-west-midlands-gangs-exit --operation Read --group provider-west-midlands-gangs-exit. --resource-pattern-type prefixed
allow provider-west-midlands-gangs-exit --operation Read --topic referrals.west-midlands-gangs-exit
allow provider-west-midlands-gangs-exit --operation Write --topic replies.west-midlands-gangs-exit
limit provider-west-midlands-gangs-exit producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-hospital-liaison: receives its referrals and answers them
allow provider-west-midlands-hospital-liaison --operation Read --group provider-west-midlands-hospital-liaison. --resource-pattern-type prefixed
allow provider-west-midlands-hospital-liaison --operation Read --topic referrals.west-midlands-hospital-liaison
allow provider-west-midlands-hospital-liaison --operation Write --topic replies.west-midlands-hospital-liaison
limit provider-west-midlands-hospital-liaison producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-idva: receives its referrals and answers them
allow provider-west-midlands-idva --operation Read --group provider-west-midlands-idva. --resource-pattern-type prefixed
allow provider-west-midlands-idva --operation Read --topic referrals.west-midlands-idva
allow provider-west-midlands-idva --operation Write --topic replies.west-midlands-idva
limit provider-west-midlands-idva producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-learning-disability: receives its referrals and answers them
allow provider-west-midlands-learning-disability --operation Read --group provider-west-midlands-learning-disability. --resource-pattern-type prefixed
allow provider-west-midlands-learning-disability --operation Read --topic referrals.west-midlands-learning-disability
allow provider-west-midlands-learning-disability --operation Write --topic replies.west-midlands-learning-disability
limit provider-west-midlands-learning-disability producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-liaison-diversion: receives its referrals and answers them
allow provider-west-midlands-liaison-diversion --operation Read --group provider-west-midlands-liaison-diversion. --resource-pattern-type prefixed
allow provider-west-midlands-liaison-diversion --operation Read --topic referrals.west-midlands-liaison-diversion
allow provider-west-midlands-liaison-diversion --operation Write --topic replies.west-midlands-liaison-diversion
limit provider-west-midlands-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-marac: receives its referrals and answers them
allow provider-west-midlands-marac --operation Read --group provider-west-midlands-marac. --resource-pattern-type prefixed
allow provider-west-midlands-marac --operation Read --topic referrals.west-midlands-marac
allow provider-west-midlands-marac --operation Write --topic replies.west-midlands-marac
limit provider-west-midlands-marac producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-perpetrator-programme: receives its referrals and answers them
allow provider-west-midlands-perpetrator-programme --operation Read --group provider-west-midlands-perpetrator-programme. --resource-pattern-type prefixed
allow provider-west-midlands-perpetrator-programme --operation Read --topic referrals.west-midlands-perpetrator-programme
allow provider-west-midlands-perpetrator-programme --operation Write --topic replies.west-midlands-perpetrator-programme
limit provider-west-midlands-perpetrator-programme producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-place-of-safety: receives its referrals and answers them
allow provider-west-midlands-place-of-safety --operation Read --group provider-west-midlands-place-of-safety. --resource-pattern-type prefixed
allow provider-west-midlands-place-of-safety --operation Read --topic referrals.west-midlands-place-of-safety
allow provider-west-midlands-place-of-safety --operation Write --topic replies.west-midlands-place-of-safety
limit provider-west-midlands-place-of-safety producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-reconnect: receives its referrals and answers them
allow provider-west-midlands-reconnect --operation Read --group provider-west-midlands-reconnect. --resource-pattern-type prefixed
allow provider-west-midlands-reconnect --operation Read --topic referrals.west-midlands-reconnect
allow provider-west-midlands-reconnect --operation Write --topic replies.west-midlands-reconnect
limit provider-west-midlands-reconnect producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-social-inclusion: receives its referrals and answers them
allow provider-west-midlands-social-inclusion --operation Read --group provider-west-midlands-social-inclusion. --resource-pattern-type prefixed
allow provider-west-midlands-social-inclusion --operation Read --topic referrals.west-midlands-social-inclusion
allow provider-west-midlands-social-inclusion --operation Write --topic replies.west-midlands-social-inclusion
limit provider-west-midlands-social-inclusion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-street-outreach: receives its referrals and answers them
allow provider-west-midlands-street-outreach --operation Read --group provider-west-midlands-street-outreach. --resource-pattern-type prefixed
allow provider-west-midlands-street-outreach --operation Read --topic referrals.west-midlands-street-outreach
allow provider-west-midlands-street-outreach --operation Write --topic replies.west-midlands-street-outreach
limit provider-west-midlands-street-outreach producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-thinking-skills: receives its referrals and answers them
allow provider-west-midlands-thinking-skills --operation Read --group provider-west-midlands-thinking-skills. --resource-pattern-type prefixed
allow provider-west-midlands-thinking-skills --operation Read --topic referrals.west-midlands-thinking-skills
allow provider-west-midlands-thinking-skills --operation Write --topic replies.west-midlands-thinking-skills
limit provider-west-midlands-thinking-skills producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-victim-support: receives its referrals and answers them
allow provider-west-midlands-victim-support --operation Read --group provider-west-midlands-victim-support. --resource-pattern-type prefixed
allow provider-west-midlands-victim-support --operation Read --topic referrals.west-midlands-victim-support
allow provider-west-midlands-victim-support --operation Write --topic replies.west-midlands-victim-support
limit provider-west-midlands-victim-support producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-young-peoples-substance-use: receives its referrals and answers them
allow provider-west-midlands-young-peoples-substance-use --operation Read --group provider-west-midlands-young-peoples-substance-use. --resource-pattern-type prefixed
allow provider-west-midlands-young-peoples-substance-use --operation Read --topic referrals.west-midlands-young-peoples-substance-use
allow provider-west-midlands-young-peoples-substance-use --operation Write --topic replies.west-midlands-young-peoples-substance-use
limit provider-west-midlands-young-peoples-substance-use producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-youth-service: receives its referrals and answers them
allow provider-west-midlands-youth-service --operation Read --group provider-west-midlands-youth-service. --resource-pattern-type prefixed
allow provider-west-midlands-youth-service --operation Read --topic referrals.west-midlands-youth-service
allow provider-west-midlands-youth-service --operation Write --topic replies.west-midlands-youth-service
limit provider-west-midlands-youth-service producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-wolverhampton-childrens-social-care: receives its referrals and answers them
allow provider-wolverhampton-childrens-social-care --operation Read --group provider-wolverhampton-childrens-social-care. --resource-pattern-type prefixed
allow provider-wolverhampton-childrens-social-care --operation Read --topic referrals.wolverhampton-childrens-social-care
allow provider-wolverhampton-childrens-social-care --operation Write --topic replies.wolverhampton-childrens-social-care
limit provider-wolverhampton-childrens-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-wolverhampton-housing: receives its referrals and answers them
allow provider-wolverhampton-housing --operation Read --group provider-wolverhampton-housing. --resource-pattern-type prefixed
allow provider-wolverhampton-housing --operation Read --topic referrals.wolverhampton-housing
allow provider-wolverhampton-housing --operation Write --topic replies.wolverhampton-housing
limit provider-wolverhampton-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# people-on-duty: say yes or no to a referral and whether two people are one, and see what they are called for
allow people-on-duty --operation Read --group people-on-duty. --resource-pattern-type prefixed
allow people-on-duty --operation Read --topic escalations --topic installation --topic match-questions
allow people-on-duty --operation Write --topic approvals --topic match-decisions

# menders: see what was parked and send it back, each time to the topic that it came from
allow menders --operation Read --group menders. --resource-pattern-type prefixed
allow menders --operation Read --topic installation --topic parked.dispatch --topic parked.intake --topic parked.people --topic parked.routing --topic parked.tracking
allow menders --operation Read --operation Write --topic redrives
allow menders --operation Write --topic approvals --topic contacts --topic decisions --topic deliveries --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic match-decisions --topic receipts --topic situations --topic withdrawals
allow menders --operation Write --topic replies. --resource-pattern-type prefixed
allow menders --operation Write --transactional-id onward.redrive. --resource-pattern-type prefixed

# rule-authors: publish rules and directory, and see what a bundle in the shadow would have done
allow rule-authors --operation Read --group rule-authors. --resource-pattern-type prefixed
allow rule-authors --operation Read --topic installation --topic shadow-differences
allow rule-authors --operation Read --operation Write --topic rulesets
allow rule-authors --operation Describe --topic referrals. --topic replies. --resource-pattern-type prefixed

# insight: counts by place; no service of this release does it yet
allow insight --operation Read --group insight. --resource-pattern-type prefixed
allow insight --operation Read --topic installation --topic referral-events

# operator: makes topics and sets lost positions; may read everything for that, so it logs in for a job only
allow operator --operation Read --group dispatch. --group intake. --group people. --group routing. --group tracking. --resource-pattern-type prefixed
allow operator --operation Alter --operation Create --operation DescribeConfigs --operation Read --topic approvals --topic contacts --topic decisions --topic deliveries --topic escalations --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic match-decisions --topic match-questions --topic receipts --topic redrives --topic referral-events --topic shadow-differences --topic situations --topic withdrawals
allow operator --operation Alter --operation Create --operation DescribeConfigs --operation Read --operation Write --topic installation --topic rulesets
allow operator --operation Alter --operation Create --operation DescribeConfigs --operation Read --topic feedback. --topic parked. --topic questions. --topic referrals. --topic replies. --topic status. --resource-pattern-type prefixed
allow operator --operation Write --transactional-id onward.installation
allow operator --operation Write --transactional-id dispatch. --transactional-id intake. --transactional-id people. --transactional-id routing. --transactional-id tracking. --resource-pattern-type prefixed

# archivist: `onward rules archive` and `history`: reads what was decided, sealed and pseudonymous
allow archivist --operation Read --topic decisions --topic rulesets --topic situations

# lag-reader: autoscalers and lag exporters: offsets, never records
allow lag-reader --operation Describe --group dispatch. --group intake. --group people. --group routing. --group tracking. --resource-pattern-type prefixed
allow lag-reader --operation Describe --topic approvals --topic contacts --topic decisions --topic deliveries --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic match-decisions --topic receipts --topic situations --topic withdrawals
allow lag-reader --operation Describe --topic replies. --resource-pattern-type prefixed
