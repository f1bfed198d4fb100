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
allow intake --operation Describe --group onward.audit
allow intake --operation Describe --group dispatch. --group people. --group routing. --group tracking. --resource-pattern-type prefixed
allow intake --operation Read --group intake. --resource-pattern-type prefixed
allow intake --operation Describe --topic approvals --topic audit-acts --topic audit.dispatch --topic audit.people --topic audit.routing --topic audit.tracking --topic decisions --topic deliveries --topic erased-persons --topic erasures --topic match-decisions --topic receipts --topic situations --topic withdrawals
allow intake --operation Read --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage
allow intake --operation Read --operation Write --topic installation
allow intake --operation Write --topic audit.intake --topic contacts --topic parked.intake --topic redrives
allow intake --operation Describe --topic replies. --resource-pattern-type prefixed
allow intake --operation Write --topic feedback. --resource-pattern-type prefixed
allow intake --operation Write --transactional-id onward.installation
allow intake --operation Write --transactional-id intake. --resource-pattern-type prefixed

# people: the service `people`
allow people --operation Describe --group onward.audit
allow people --operation Describe --group dispatch. --group intake. --group routing. --group tracking. --resource-pattern-type prefixed
allow people --operation Read --group people. --resource-pattern-type prefixed
allow people --operation Describe --topic approvals --topic audit-acts --topic audit.dispatch --topic audit.intake --topic audit.routing --topic audit.tracking --topic decisions --topic deliveries --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic receipts --topic withdrawals
allow people --operation Read --topic contacts --topic erasures --topic match-decisions
allow people --operation Read --operation Write --topic installation --topic tombstones
allow people --operation Write --topic audit.people --topic erased-persons --topic erasure-reports --topic match-questions --topic parked.people --topic redrives --topic situations
allow people --operation Describe --topic replies. --resource-pattern-type prefixed
allow people --operation Write --topic feedback. --resource-pattern-type prefixed
allow people --operation Write --transactional-id onward.installation
allow people --operation Write --transactional-id people. --resource-pattern-type prefixed

# routing: the service `routing`
allow routing --operation Describe --group onward.audit
allow routing --operation Describe --group dispatch. --group intake. --group people. --group tracking. --resource-pattern-type prefixed
allow routing --operation Read --group routing. --resource-pattern-type prefixed
allow routing --operation Describe --topic approvals --topic audit-acts --topic audit.dispatch --topic audit.intake --topic audit.people --topic audit.tracking --topic contacts --topic deliveries --topic erased-persons --topic erasures --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic match-decisions --topic receipts --topic withdrawals
allow routing --operation Read --topic rulesets --topic situations
allow routing --operation Read --operation Write --topic installation
allow routing --operation Write --topic audit.routing --topic decisions --topic parked.routing --topic redrives --topic shadow-differences
allow routing --operation Describe --topic replies. --resource-pattern-type prefixed
allow routing --operation Write --transactional-id onward.installation
allow routing --operation Write --transactional-id routing. --resource-pattern-type prefixed

# tracking: the service `tracking`
allow tracking --operation Describe --group onward.audit
allow tracking --operation Describe --group dispatch. --group intake. --group people. --group routing. --resource-pattern-type prefixed
allow tracking --operation Read --group tracking. --resource-pattern-type prefixed
allow tracking --operation Describe --topic audit-acts --topic audit.dispatch --topic audit.intake --topic audit.people --topic audit.routing --topic contacts --topic erasures --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic match-decisions --topic situations
allow tracking --operation Read --topic approvals --topic decisions --topic erased-persons --topic receipts --topic rulesets
allow tracking --operation Read --operation Write --topic installation --topic tombstones
allow tracking --operation Write --topic audit.tracking --topic deliveries --topic erasure-reports --topic escalations --topic parked.tracking --topic redrives --topic referral-events --topic withdrawals
allow tracking --operation Read --topic replies. --resource-pattern-type prefixed
allow tracking --operation Write --topic questions. --topic status. --resource-pattern-type prefixed
allow tracking --operation Write --transactional-id onward.installation
allow tracking --operation Write --transactional-id tracking. --resource-pattern-type prefixed

# dispatch: the service `dispatch`
allow dispatch --operation Describe --group onward.audit
allow dispatch --operation Describe --group intake. --group people. --group routing. --group tracking. --resource-pattern-type prefixed
allow dispatch --operation Read --group dispatch. --resource-pattern-type prefixed
allow dispatch --operation Describe --topic approvals --topic audit-acts --topic audit.intake --topic audit.people --topic audit.routing --topic audit.tracking --topic contacts --topic decisions --topic erased-persons --topic erasures --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic match-decisions --topic situations
allow dispatch --operation Read --topic deliveries --topic rulesets --topic withdrawals
allow dispatch --operation Read --operation Write --topic installation
allow dispatch --operation Write --topic audit.dispatch --topic parked.dispatch --topic receipts --topic redrives
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

# provider-avon-and-somerset-liaison-diversion: receives its referrals and answers them
allow provider-avon-and-somerset-liaison-diversion --operation Read --group provider-avon-and-somerset-liaison-diversion. --resource-pattern-type prefixed
allow provider-avon-and-somerset-liaison-diversion --operation Read --topic referrals.avon-and-somerset-liaison-diversion
allow provider-avon-and-somerset-liaison-diversion --operation Write --topic replies.avon-and-somerset-liaison-diversion
limit provider-avon-and-somerset-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-bedfordshire-liaison-diversion: receives its referrals and answers them
allow provider-bedfordshire-liaison-diversion --operation Read --group provider-bedfordshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-bedfordshire-liaison-diversion --operation Read --topic referrals.bedfordshire-liaison-diversion
allow provider-bedfordshire-liaison-diversion --operation Write --topic replies.bedfordshire-liaison-diversion
limit provider-bedfordshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-birmingham-adult-social-care: receives its referrals and answers them
allow provider-birmingham-adult-social-care --operation Read --group provider-birmingham-adult-social-care. --resource-pattern-type prefixed
allow provider-birmingham-adult-social-care --operation Read --topic referrals.birmingham-adult-social-care
allow provider-birmingham-adult-social-care --operation Write --topic replies.birmingham-adult-social-care
limit provider-birmingham-adult-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-birmingham-leaving-care: receives its referrals and answers them
allow provider-birmingham-leaving-care --operation Read --group provider-birmingham-leaving-care. --resource-pattern-type prefixed
allow provider-birmingham-leaving-care --operation Read --topic referrals.birmingham-leaving-care
allow provider-birmingham-leaving-care --operation Write --topic replies.birmingham-leaving-care
limit provider-birmingham-leaving-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-cambridgeshire-adult-social-care: receives its referrals and answers them
allow provider-cambridgeshire-adult-social-care --operation Read --group provider-cambridgeshire-adult-social-care. --resource-pattern-type prefixed
allow provider-cambridgeshire-adult-social-care --operation Read --topic referrals.cambridgeshire-adult-social-care
allow provider-cambridgeshire-adult-social-care --operation Write --topic replies.cambridgeshire-adult-social-care
limit provider-cambridgeshire-adult-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-brain-injury: receives its referrals and answers them
allow provider-cambridgeshire-brain-injury --operation Read --group provider-cambridgeshire-brain-injury. --resource-pattern-type prefixed
allow provider-cambridgeshire-brain-injury --operation Read --topic referrals.cambridgeshire-brain-injury
allow provider-cambridgeshire-brain-injury --operation Write --topic replies.cambridgeshire-brain-injury
limit provider-cambridgeshire-brain-injury producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-cambridgeshire-early-help: receives its referrals and answers them
allow provider-cambridgeshire-early-help --operation Read --group provider-cambridgeshire-early-help. --resource-pattern-type prefixed
allow provider-cambridgeshire-early-help --operation Read --topic referrals.cambridgeshire-early-help
allow provider-cambridgeshire-early-help --operation Write --topic replies.cambridgeshire-early-help
limit provider-cambridgeshire-early-help producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-cambridgeshire-gambling: receives its referrals and answers them
allow provider-cambridgeshire-gambling --operation Read --group provider-cambridgeshire-gambling. --resource-pattern-type prefixed
allow provider-cambridgeshire-gambling --operation Read --topic referrals.cambridgeshire-gambling
allow provider-cambridgeshire-gambling --operation Write --topic replies.cambridgeshire-gambling
limit provider-cambridgeshire-gambling producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-cambridgeshire-hospital-navigator: receives its referrals and answers them
allow provider-cambridgeshire-hospital-navigator --operation Read --group provider-cambridgeshire-hospital-navigator. --resource-pattern-type prefixed
allow provider-cambridgeshire-hospital-navigator --operation Read --topic referrals.cambridgeshire-hospital-navigator
allow provider-cambridgeshire-hospital-navigator --operation Write --topic replies.cambridgeshire-hospital-navigator
limit provider-cambridgeshire-hospital-navigator producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-idva: receives its referrals and answers them
allow provider-cambridgeshire-idva --operation Read --group provider-cambridgeshire-idva. --resource-pattern-type prefixed
allow provider-cambridgeshire-idva --operation Read --topic referrals.cambridgeshire-idva
allow provider-cambridgeshire-idva --operation Write --topic replies.cambridgeshire-idva
limit provider-cambridgeshire-idva producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-immigration-advice: receives its referrals and answers them
allow provider-cambridgeshire-immigration-advice --operation Read --group provider-cambridgeshire-immigration-advice. --resource-pattern-type prefixed
allow provider-cambridgeshire-immigration-advice --operation Read --topic referrals.cambridgeshire-immigration-advice
allow provider-cambridgeshire-immigration-advice --operation Write --topic replies.cambridgeshire-immigration-advice
limit provider-cambridgeshire-immigration-advice producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-isva: receives its referrals and answers them
allow provider-cambridgeshire-isva --operation Read --group provider-cambridgeshire-isva. --resource-pattern-type prefixed
allow provider-cambridgeshire-isva --operation Read --topic referrals.cambridgeshire-isva
allow provider-cambridgeshire-isva --operation Write --topic replies.cambridgeshire-isva
limit provider-cambridgeshire-isva producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-learning-disability: receives its referrals and answers them
allow provider-cambridgeshire-learning-disability --operation Read --group provider-cambridgeshire-learning-disability. --resource-pattern-type prefixed
allow provider-cambridgeshire-learning-disability --operation Read --topic referrals.cambridgeshire-learning-disability
allow provider-cambridgeshire-learning-disability --operation Write --topic replies.cambridgeshire-learning-disability
limit provider-cambridgeshire-learning-disability producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-leaving-care: receives its referrals and answers them
allow provider-cambridgeshire-leaving-care --operation Read --group provider-cambridgeshire-leaving-care. --resource-pattern-type prefixed
allow provider-cambridgeshire-leaving-care --operation Read --topic referrals.cambridgeshire-leaving-care
allow provider-cambridgeshire-leaving-care --operation Write --topic replies.cambridgeshire-leaving-care
limit provider-cambridgeshire-leaving-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-cambridgeshire-sarc: receives its referrals and answers them
allow provider-cambridgeshire-sarc --operation Read --group provider-cambridgeshire-sarc. --resource-pattern-type prefixed
allow provider-cambridgeshire-sarc --operation Read --topic referrals.cambridgeshire-sarc
allow provider-cambridgeshire-sarc --operation Write --topic replies.cambridgeshire-sarc
limit provider-cambridgeshire-sarc producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-cambridgeshire-trauma: receives its referrals and answers them
allow provider-cambridgeshire-trauma --operation Read --group provider-cambridgeshire-trauma. --resource-pattern-type prefixed
allow provider-cambridgeshire-trauma --operation Read --topic referrals.cambridgeshire-trauma
allow provider-cambridgeshire-trauma --operation Write --topic replies.cambridgeshire-trauma
limit provider-cambridgeshire-trauma producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-veterans-justice: receives its referrals and answers them
allow provider-cambridgeshire-veterans-justice --operation Read --group provider-cambridgeshire-veterans-justice. --resource-pattern-type prefixed
allow provider-cambridgeshire-veterans-justice --operation Read --topic referrals.cambridgeshire-veterans-justice
allow provider-cambridgeshire-veterans-justice --operation Write --topic replies.cambridgeshire-veterans-justice
limit provider-cambridgeshire-veterans-justice producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cambridgeshire-veterans-mental-health: receives its referrals and answers them
allow provider-cambridgeshire-veterans-mental-health --operation Read --group provider-cambridgeshire-veterans-mental-health. --resource-pattern-type prefixed
allow provider-cambridgeshire-veterans-mental-health --operation Read --topic referrals.cambridgeshire-veterans-mental-health
allow provider-cambridgeshire-veterans-mental-health --operation Write --topic replies.cambridgeshire-veterans-mental-health
limit provider-cambridgeshire-veterans-mental-health producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-cheshire-liaison-diversion: receives its referrals and answers them
allow provider-cheshire-liaison-diversion --operation Read --group provider-cheshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-cheshire-liaison-diversion --operation Read --topic referrals.cheshire-liaison-diversion
allow provider-cheshire-liaison-diversion --operation Write --topic replies.cheshire-liaison-diversion
limit provider-cheshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-city-of-london-liaison-diversion: receives its referrals and answers them
allow provider-city-of-london-liaison-diversion --operation Read --group provider-city-of-london-liaison-diversion. --resource-pattern-type prefixed
allow provider-city-of-london-liaison-diversion --operation Read --topic referrals.city-of-london-liaison-diversion
allow provider-city-of-london-liaison-diversion --operation Write --topic replies.city-of-london-liaison-diversion
limit provider-city-of-london-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-cleveland-liaison-diversion: receives its referrals and answers them
allow provider-cleveland-liaison-diversion --operation Read --group provider-cleveland-liaison-diversion. --resource-pattern-type prefixed
allow provider-cleveland-liaison-diversion --operation Read --topic referrals.cleveland-liaison-diversion
allow provider-cleveland-liaison-diversion --operation Write --topic replies.cleveland-liaison-diversion
limit provider-cleveland-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-coventry-adult-social-care: receives its referrals and answers them
allow provider-coventry-adult-social-care --operation Read --group provider-coventry-adult-social-care. --resource-pattern-type prefixed
allow provider-coventry-adult-social-care --operation Read --topic referrals.coventry-adult-social-care
allow provider-coventry-adult-social-care --operation Write --topic replies.coventry-adult-social-care
limit provider-coventry-adult-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-coventry-leaving-care: receives its referrals and answers them
allow provider-coventry-leaving-care --operation Read --group provider-coventry-leaving-care. --resource-pattern-type prefixed
allow provider-coventry-leaving-care --operation Read --topic referrals.coventry-leaving-care
allow provider-coventry-leaving-care --operation Write --topic replies.coventry-leaving-care
limit provider-coventry-leaving-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-cumbria-liaison-diversion: receives its referrals and answers them
allow provider-cumbria-liaison-diversion --operation Read --group provider-cumbria-liaison-diversion. --resource-pattern-type prefixed
allow provider-cumbria-liaison-diversion --operation Read --topic referrals.cumbria-liaison-diversion
allow provider-cumbria-liaison-diversion --operation Write --topic replies.cumbria-liaison-diversion
limit provider-cumbria-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-derbyshire-liaison-diversion: receives its referrals and answers them
allow provider-derbyshire-liaison-diversion --operation Read --group provider-derbyshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-derbyshire-liaison-diversion --operation Read --topic referrals.derbyshire-liaison-diversion
allow provider-derbyshire-liaison-diversion --operation Write --topic replies.derbyshire-liaison-diversion
limit provider-derbyshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-devon-and-cornwall-liaison-diversion: receives its referrals and answers them
allow provider-devon-and-cornwall-liaison-diversion --operation Read --group provider-devon-and-cornwall-liaison-diversion. --resource-pattern-type prefixed
allow provider-devon-and-cornwall-liaison-diversion --operation Read --topic referrals.devon-and-cornwall-liaison-diversion
allow provider-devon-and-cornwall-liaison-diversion --operation Write --topic replies.devon-and-cornwall-liaison-diversion
limit provider-devon-and-cornwall-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-dorset-liaison-diversion: receives its referrals and answers them
allow provider-dorset-liaison-diversion --operation Read --group provider-dorset-liaison-diversion. --resource-pattern-type prefixed
allow provider-dorset-liaison-diversion --operation Read --topic referrals.dorset-liaison-diversion
allow provider-dorset-liaison-diversion --operation Write --topic replies.dorset-liaison-diversion
limit provider-dorset-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-dudley-adult-social-care: receives its referrals and answers them
allow provider-dudley-adult-social-care --operation Read --group provider-dudley-adult-social-care. --resource-pattern-type prefixed
allow provider-dudley-adult-social-care --operation Read --topic referrals.dudley-adult-social-care
allow provider-dudley-adult-social-care --operation Write --topic replies.dudley-adult-social-care
limit provider-dudley-adult-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-dudley-leaving-care: receives its referrals and answers them
allow provider-dudley-leaving-care --operation Read --group provider-dudley-leaving-care. --resource-pattern-type prefixed
allow provider-dudley-leaving-care --operation Read --topic referrals.dudley-leaving-care
allow provider-dudley-leaving-care --operation Write --topic replies.dudley-leaving-care
limit provider-dudley-leaving-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-durham-liaison-diversion: receives its referrals and answers them
allow provider-durham-liaison-diversion --operation Read --group provider-durham-liaison-diversion. --resource-pattern-type prefixed
allow provider-durham-liaison-diversion --operation Read --topic referrals.durham-liaison-diversion
allow provider-durham-liaison-diversion --operation Write --topic replies.durham-liaison-diversion
limit provider-durham-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-dyfed-powys-liaison-diversion: receives its referrals and answers them
allow provider-dyfed-powys-liaison-diversion --operation Read --group provider-dyfed-powys-liaison-diversion. --resource-pattern-type prefixed
allow provider-dyfed-powys-liaison-diversion --operation Read --topic referrals.dyfed-powys-liaison-diversion
allow provider-dyfed-powys-liaison-diversion --operation Write --topic replies.dyfed-powys-liaison-diversion
limit provider-dyfed-powys-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-east-cambridgeshire-housing: receives its referrals and answers them
allow provider-east-cambridgeshire-housing --operation Read --group provider-east-cambridgeshire-housing. --resource-pattern-type prefixed
allow provider-east-cambridgeshire-housing --operation Read --topic referrals.east-cambridgeshire-housing
allow provider-east-cambridgeshire-housing --operation Write --topic replies.east-cambridgeshire-housing
limit provider-east-cambridgeshire-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-essex-liaison-diversion: receives its referrals and answers them
allow provider-essex-liaison-diversion --operation Read --group provider-essex-liaison-diversion. --resource-pattern-type prefixed
allow provider-essex-liaison-diversion --operation Read --topic referrals.essex-liaison-diversion
allow provider-essex-liaison-diversion --operation Write --topic replies.essex-liaison-diversion
limit provider-essex-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-fenland-housing: receives its referrals and answers them
allow provider-fenland-housing --operation Read --group provider-fenland-housing. --resource-pattern-type prefixed
allow provider-fenland-housing --operation Read --topic referrals.fenland-housing
allow provider-fenland-housing --operation Write --topic replies.fenland-housing
limit provider-fenland-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-gloucestershire-liaison-diversion: receives its referrals and answers them
allow provider-gloucestershire-liaison-diversion --operation Read --group provider-gloucestershire-liaison-diversion. --resource-pattern-type prefixed
allow provider-gloucestershire-liaison-diversion --operation Read --topic referrals.gloucestershire-liaison-diversion
allow provider-gloucestershire-liaison-diversion --operation Write --topic replies.gloucestershire-liaison-diversion
limit provider-gloucestershire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-greater-manchester-liaison-diversion: receives its referrals and answers them
allow provider-greater-manchester-liaison-diversion --operation Read --group provider-greater-manchester-liaison-diversion. --resource-pattern-type prefixed
allow provider-greater-manchester-liaison-diversion --operation Read --topic referrals.greater-manchester-liaison-diversion
allow provider-greater-manchester-liaison-diversion --operation Write --topic replies.greater-manchester-liaison-diversion
limit provider-greater-manchester-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-gwent-liaison-diversion: receives its referrals and answers them
allow provider-gwent-liaison-diversion --operation Read --group provider-gwent-liaison-diversion. --resource-pattern-type prefixed
allow provider-gwent-liaison-diversion --operation Read --topic referrals.gwent-liaison-diversion
allow provider-gwent-liaison-diversion --operation Write --topic replies.gwent-liaison-diversion
limit provider-gwent-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-hampshire-and-isle-of-wight-liaison-diversion: receives its referrals and answers them
allow provider-hampshire-and-isle-of-wight-liaison-diversion --operation Read --group provider-hampshire-and-isle-of-wight-liaison-diversion. --resource-pattern-type prefixed
allow provider-hampshire-and-isle-of-wight-liaison-diversion --operation Read --topic referrals.hampshire-and-isle-of-wight-liaison-diversion
allow provider-hampshire-and-isle-of-wight-liaison-diversion --operation Write --topic replies.hampshire-and-isle-of-wight-liaison-diversion
limit provider-hampshire-and-isle-of-wight-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-hertfordshire-liaison-diversion: receives its referrals and answers them
allow provider-hertfordshire-liaison-diversion --operation Read --group provider-hertfordshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-hertfordshire-liaison-diversion --operation Read --topic referrals.hertfordshire-liaison-diversion
allow provider-hertfordshire-liaison-diversion --operation Write --topic replies.hertfordshire-liaison-diversion
limit provider-hertfordshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-humberside-liaison-diversion: receives its referrals and answers them
allow provider-humberside-liaison-diversion --operation Read --group provider-humberside-liaison-diversion. --resource-pattern-type prefixed
allow provider-humberside-liaison-diversion --operation Read --topic referrals.humberside-liaison-diversion
allow provider-humberside-liaison-diversion --operation Write --topic replies.humberside-liaison-diversion
limit provider-humberside-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-huntingdonshire-housing: receives its referrals and answers them
allow provider-huntingdonshire-housing --operation Read --group provider-huntingdonshire-housing. --resource-pattern-type prefixed
allow provider-huntingdonshire-housing --operation Read --topic referrals.huntingdonshire-housing
allow provider-huntingdonshire-housing --operation Write --topic replies.huntingdonshire-housing
limit provider-huntingdonshire-housing producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-kent-liaison-diversion: receives its referrals and answers them
allow provider-kent-liaison-diversion --operation Read --group provider-kent-liaison-diversion. --resource-pattern-type prefixed
allow provider-kent-liaison-diversion --operation Read --topic referrals.kent-liaison-diversion
allow provider-kent-liaison-diversion --operation Write --topic replies.kent-liaison-diversion
limit provider-kent-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-lancashire-liaison-diversion: receives its referrals and answers them
allow provider-lancashire-liaison-diversion --operation Read --group provider-lancashire-liaison-diversion. --resource-pattern-type prefixed
allow provider-lancashire-liaison-diversion --operation Read --topic referrals.lancashire-liaison-diversion
allow provider-lancashire-liaison-diversion --operation Write --topic replies.lancashire-liaison-diversion
limit provider-lancashire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-leicestershire-liaison-diversion: receives its referrals and answers them
allow provider-leicestershire-liaison-diversion --operation Read --group provider-leicestershire-liaison-diversion. --resource-pattern-type prefixed
allow provider-leicestershire-liaison-diversion --operation Read --topic referrals.leicestershire-liaison-diversion
allow provider-leicestershire-liaison-diversion --operation Write --topic replies.leicestershire-liaison-diversion
limit provider-leicestershire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-lincolnshire-liaison-diversion: receives its referrals and answers them
allow provider-lincolnshire-liaison-diversion --operation Read --group provider-lincolnshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-lincolnshire-liaison-diversion --operation Read --topic referrals.lincolnshire-liaison-diversion
allow provider-lincolnshire-liaison-diversion --operation Write --topic replies.lincolnshire-liaison-diversion
limit provider-lincolnshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-merseyside-liaison-diversion: receives its referrals and answers them
allow provider-merseyside-liaison-diversion --operation Read --group provider-merseyside-liaison-diversion. --resource-pattern-type prefixed
allow provider-merseyside-liaison-diversion --operation Read --topic referrals.merseyside-liaison-diversion
allow provider-merseyside-liaison-diversion --operation Write --topic replies.merseyside-liaison-diversion
limit provider-merseyside-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-metropolitan-liaison-diversion: receives its referrals and answers them
allow provider-metropolitan-liaison-diversion --operation Read --group provider-metropolitan-liaison-diversion. --resource-pattern-type prefixed
allow provider-metropolitan-liaison-diversion --operation Read --topic referrals.metropolitan-liaison-diversion
allow provider-metropolitan-liaison-diversion --operation Write --topic replies.metropolitan-liaison-diversion
limit provider-metropolitan-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-norfolk-liaison-diversion: receives its referrals and answers them
allow provider-norfolk-liaison-diversion --operation Read --group provider-norfolk-liaison-diversion. --resource-pattern-type prefixed
allow provider-norfolk-liaison-diversion --operation Read --topic referrals.norfolk-liaison-diversion
allow provider-norfolk-liaison-diversion --operation Write --topic replies.norfolk-liaison-diversion
limit provider-norfolk-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-north-wales-liaison-diversion: receives its referrals and answers them
allow provider-north-wales-liaison-diversion --operation Read --group provider-north-wales-liaison-diversion. --resource-pattern-type prefixed
allow provider-north-wales-liaison-diversion --operation Read --topic referrals.north-wales-liaison-diversion
allow provider-north-wales-liaison-diversion --operation Write --topic replies.north-wales-liaison-diversion
limit provider-north-wales-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-north-yorkshire-liaison-diversion: receives its referrals and answers them
allow provider-north-yorkshire-liaison-diversion --operation Read --group provider-north-yorkshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-north-yorkshire-liaison-diversion --operation Read --topic referrals.north-yorkshire-liaison-diversion
allow provider-north-yorkshire-liaison-diversion --operation Write --topic replies.north-yorkshire-liaison-diversion
limit provider-north-yorkshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-northamptonshire-liaison-diversion: receives its referrals and answers them
allow provider-northamptonshire-liaison-diversion --operation Read --group provider-northamptonshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-northamptonshire-liaison-diversion --operation Read --topic referrals.northamptonshire-liaison-diversion
allow provider-northamptonshire-liaison-diversion --operation Write --topic replies.northamptonshire-liaison-diversion
limit provider-northamptonshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-northumbria-liaison-diversion: receives its referrals and answers them
allow provider-northumbria-liaison-diversion --operation Read --group provider-northumbria-liaison-diversion. --resource-pattern-type prefixed
allow provider-northumbria-liaison-diversion --operation Read --topic referrals.northumbria-liaison-diversion
allow provider-northumbria-liaison-diversion --operation Write --topic replies.northumbria-liaison-diversion
limit provider-northumbria-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-nottinghamshire-liaison-diversion: receives its referrals and answers them
allow provider-nottinghamshire-liaison-diversion --operation Read --group provider-nottinghamshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-nottinghamshire-liaison-diversion --operation Read --topic referrals.nottinghamshire-liaison-diversion
allow provider-nottinghamshire-liaison-diversion --operation Write --topic replies.nottinghamshire-liaison-diversion
limit provider-nottinghamshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-peterborough-adult-social-care: receives its referrals and answers them
allow provider-peterborough-adult-social-care --operation Read --group provider-peterborough-adult-social-care. --resource-pattern-type prefixed
allow provider-peterborough-adult-social-care --operation Read --topic referrals.peterborough-adult-social-care
allow provider-peterborough-adult-social-care --operation Write --topic replies.peterborough-adult-social-care
limit provider-peterborough-adult-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-peterborough-leaving-care: receives its referrals and answers them
allow provider-peterborough-leaving-care --operation Read --group provider-peterborough-leaving-care. --resource-pattern-type prefixed
allow provider-peterborough-leaving-care --operation Read --topic referrals.peterborough-leaving-care
allow provider-peterborough-leaving-care --operation Write --topic replies.peterborough-leaving-care
limit provider-peterborough-leaving-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-sandwell-adult-social-care: receives its referrals and answers them
allow provider-sandwell-adult-social-care --operation Read --group provider-sandwell-adult-social-care. --resource-pattern-type prefixed
allow provider-sandwell-adult-social-care --operation Read --topic referrals.sandwell-adult-social-care
allow provider-sandwell-adult-social-care --operation Write --topic replies.sandwell-adult-social-care
limit provider-sandwell-adult-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-sandwell-leaving-care: receives its referrals and answers them
allow provider-sandwell-leaving-care --operation Read --group provider-sandwell-leaving-care. --resource-pattern-type prefixed
allow provider-sandwell-leaving-care --operation Read --topic referrals.sandwell-leaving-care
allow provider-sandwell-leaving-care --operation Write --topic replies.sandwell-leaving-care
limit provider-sandwell-leaving-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-solihull-adult-social-care: receives its referrals and answers them
allow provider-solihull-adult-social-care --operation Read --group provider-solihull-adult-social-care. --resource-pattern-type prefixed
allow provider-solihull-adult-social-care --operation Read --topic referrals.solihull-adult-social-care
allow provider-solihull-adult-social-care --operation Write --topic replies.solihull-adult-social-care
limit provider-solihull-adult-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-solihull-leaving-care: receives its referrals and answers them
allow provider-solihull-leaving-care --operation Read --group provider-solihull-leaving-care. --resource-pattern-type prefixed
allow provider-solihull-leaving-care --operation Read --topic referrals.solihull-leaving-care
allow provider-solihull-leaving-care --operation Write --topic replies.solihull-leaving-care
limit provider-solihull-leaving-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-south-wales-liaison-diversion: receives its referrals and answers them
allow provider-south-wales-liaison-diversion --operation Read --group provider-south-wales-liaison-diversion. --resource-pattern-type prefixed
allow provider-south-wales-liaison-diversion --operation Read --topic referrals.south-wales-liaison-diversion
allow provider-south-wales-liaison-diversion --operation Write --topic replies.south-wales-liaison-diversion
limit provider-south-wales-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-south-yorkshire-liaison-diversion: receives its referrals and answers them
allow provider-south-yorkshire-liaison-diversion --operation Read --group provider-south-yorkshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-south-yorkshire-liaison-diversion --operation Read --topic referrals.south-yorkshire-liaison-diversion
allow provider-south-yorkshire-liaison-diversion --operation Write --topic replies.south-yorkshire-liaison-diversion
limit provider-south-yorkshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-staffordshire-liaison-diversion: receives its referrals and answers them
allow provider-staffordshire-liaison-diversion --operation Read --group provider-staffordshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-staffordshire-liaison-diversion --operation Read --topic referrals.staffordshire-liaison-diversion
allow provider-staffordshire-liaison-diversion --operation Write --topic replies.staffordshire-liaison-diversion
limit provider-staffordshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-suffolk-liaison-diversion: receives its referrals and answers them
allow provider-suffolk-liaison-diversion --operation Read --group provider-suffolk-liaison-diversion. --resource-pattern-type prefixed
allow provider-suffolk-liaison-diversion --operation Read --topic referrals.suffolk-liaison-diversion
allow provider-suffolk-liaison-diversion --operation Write --topic replies.suffolk-liaison-diversion
limit provider-suffolk-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-surrey-liaison-diversion: receives its referrals and answers them
allow provider-surrey-liaison-diversion --operation Read --group provider-surrey-liaison-diversion. --resource-pattern-type prefixed
allow provider-surrey-liaison-diversion --operation Read --topic referrals.surrey-liaison-diversion
allow provider-surrey-liaison-diversion --operation Write --topic replies.surrey-liaison-diversion
limit provider-surrey-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-sussex-liaison-diversion: receives its referrals and answers them
allow provider-sussex-liaison-diversion --operation Read --group provider-sussex-liaison-diversion. --resource-pattern-type prefixed
allow provider-sussex-liaison-diversion --operation Read --topic referrals.sussex-liaison-diversion
allow provider-sussex-liaison-diversion --operation Write --topic replies.sussex-liaison-diversion
limit provider-sussex-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-thames-valley-liaison-diversion: receives its referrals and answers them
allow provider-thames-valley-liaison-diversion --operation Read --group provider-thames-valley-liaison-diversion. --resource-pattern-type prefixed
allow provider-thames-valley-liaison-diversion --operation Read --topic referrals.thames-valley-liaison-diversion
allow provider-thames-valley-liaison-diversion --operation Write --topic replies.thames-valley-liaison-diversion
limit provider-thames-valley-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-walsall-adult-social-care: receives its referrals and answers them
allow provider-walsall-adult-social-care --operation Read --group provider-walsall-adult-social-care. --resource-pattern-type prefixed
allow provider-walsall-adult-social-care --operation Read --topic referrals.walsall-adult-social-care
allow provider-walsall-adult-social-care --operation Write --topic replies.walsall-adult-social-care
limit provider-walsall-adult-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-walsall-leaving-care: receives its referrals and answers them
allow provider-walsall-leaving-care --operation Read --group provider-walsall-leaving-care. --resource-pattern-type prefixed
allow provider-walsall-leaving-care --operation Read --topic referrals.walsall-leaving-care
allow provider-walsall-leaving-care --operation Write --topic replies.walsall-leaving-care
limit provider-walsall-leaving-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-warwickshire-liaison-diversion: receives its referrals and answers them
allow provider-warwickshire-liaison-diversion --operation Read --group provider-warwickshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-warwickshire-liaison-diversion --operation Read --topic referrals.warwickshire-liaison-diversion
allow provider-warwickshire-liaison-diversion --operation Write --topic replies.warwickshire-liaison-diversion
limit provider-warwickshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-mercia-liaison-diversion: receives its referrals and answers them
allow provider-west-mercia-liaison-diversion --operation Read --group provider-west-mercia-liaison-diversion. --resource-pattern-type prefixed
allow provider-west-mercia-liaison-diversion --operation Read --topic referrals.west-mercia-liaison-diversion
allow provider-west-mercia-liaison-diversion --operation Write --topic replies.west-mercia-liaison-diversion
limit provider-west-mercia-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-brain-injury: receives its referrals and answers them
allow provider-west-midlands-brain-injury --operation Read --group provider-west-midlands-brain-injury. --resource-pattern-type prefixed
allow provider-west-midlands-brain-injury --operation Read --topic referrals.west-midlands-brain-injury
allow provider-west-midlands-brain-injury --operation Write --topic replies.west-midlands-brain-injury
limit provider-west-midlands-brain-injury producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-west-midlands-early-help: receives its referrals and answers them
allow provider-west-midlands-early-help --operation Read --group provider-west-midlands-early-help. --resource-pattern-type prefixed
allow provider-west-midlands-early-help --operation Read --topic referrals.west-midlands-early-help
allow provider-west-midlands-early-help --operation Write --topic replies.west-midlands-early-help
limit provider-west-midlands-early-help producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-west-midlands-gambling: receives its referrals and answers them
allow provider-west-midlands-gambling --operation Read --group provider-west-midlands-gambling. --resource-pattern-type prefixed
allow provider-west-midlands-gambling --operation Read --topic referrals.west-midlands-gambling
allow provider-west-midlands-gambling --operation Write --topic replies.west-midlands-gambling
limit provider-west-midlands-gambling producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-west-midlands-hospital-navigator: receives its referrals and answers them
allow provider-west-midlands-hospital-navigator --operation Read --group provider-west-midlands-hospital-navigator. --resource-pattern-type prefixed
allow provider-west-midlands-hospital-navigator --operation Read --topic referrals.west-midlands-hospital-navigator
allow provider-west-midlands-hospital-navigator --operation Write --topic replies.west-midlands-hospital-navigator
limit provider-west-midlands-hospital-navigator producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-idva: receives its referrals and answers them
allow provider-west-midlands-idva --operation Read --group provider-west-midlands-idva. --resource-pattern-type prefixed
allow provider-west-midlands-idva --operation Read --topic referrals.west-midlands-idva
allow provider-west-midlands-idva --operation Write --topic replies.west-midlands-idva
limit provider-west-midlands-idva producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-immigration-advice: receives its referrals and answers them
allow provider-west-midlands-immigration-advice --operation Read --group provider-west-midlands-immigration-advice. --resource-pattern-type prefixed
allow provider-west-midlands-immigration-advice --operation Read --topic referrals.west-midlands-immigration-advice
allow provider-west-midlands-immigration-advice --operation Write --topic replies.west-midlands-immigration-advice
limit provider-west-midlands-immigration-advice producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-isva: receives its referrals and answers them
allow provider-west-midlands-isva --operation Read --group provider-west-midlands-isva. --resource-pattern-type prefixed
allow provider-west-midlands-isva --operation Read --topic referrals.west-midlands-isva
allow provider-west-midlands-isva --operation Write --topic replies.west-midlands-isva
limit provider-west-midlands-isva producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-west-midlands-sarc: receives its referrals and answers them
allow provider-west-midlands-sarc --operation Read --group provider-west-midlands-sarc. --resource-pattern-type prefixed
allow provider-west-midlands-sarc --operation Read --topic referrals.west-midlands-sarc
allow provider-west-midlands-sarc --operation Write --topic replies.west-midlands-sarc
limit provider-west-midlands-sarc producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-west-midlands-trauma: receives its referrals and answers them
allow provider-west-midlands-trauma --operation Read --group provider-west-midlands-trauma. --resource-pattern-type prefixed
allow provider-west-midlands-trauma --operation Read --topic referrals.west-midlands-trauma
allow provider-west-midlands-trauma --operation Write --topic replies.west-midlands-trauma
limit provider-west-midlands-trauma producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-veterans-justice: receives its referrals and answers them
allow provider-west-midlands-veterans-justice --operation Read --group provider-west-midlands-veterans-justice. --resource-pattern-type prefixed
allow provider-west-midlands-veterans-justice --operation Read --topic referrals.west-midlands-veterans-justice
allow provider-west-midlands-veterans-justice --operation Write --topic replies.west-midlands-veterans-justice
limit provider-west-midlands-veterans-justice producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-west-midlands-veterans-mental-health: receives its referrals and answers them
allow provider-west-midlands-veterans-mental-health --operation Read --group provider-west-midlands-veterans-mental-health. --resource-pattern-type prefixed
allow provider-west-midlands-veterans-mental-health --operation Read --topic referrals.west-midlands-veterans-mental-health
allow provider-west-midlands-veterans-mental-health --operation Write --topic replies.west-midlands-veterans-mental-health
limit provider-west-midlands-veterans-mental-health producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-west-yorkshire-liaison-diversion: receives its referrals and answers them
allow provider-west-yorkshire-liaison-diversion --operation Read --group provider-west-yorkshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-west-yorkshire-liaison-diversion --operation Read --topic referrals.west-yorkshire-liaison-diversion
allow provider-west-yorkshire-liaison-diversion --operation Write --topic replies.west-yorkshire-liaison-diversion
limit provider-west-yorkshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-wiltshire-liaison-diversion: receives its referrals and answers them
allow provider-wiltshire-liaison-diversion --operation Read --group provider-wiltshire-liaison-diversion. --resource-pattern-type prefixed
allow provider-wiltshire-liaison-diversion --operation Read --topic referrals.wiltshire-liaison-diversion
allow provider-wiltshire-liaison-diversion --operation Write --topic replies.wiltshire-liaison-diversion
limit provider-wiltshire-liaison-diversion producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# provider-wolverhampton-adult-social-care: receives its referrals and answers them
allow provider-wolverhampton-adult-social-care --operation Read --group provider-wolverhampton-adult-social-care. --resource-pattern-type prefixed
allow provider-wolverhampton-adult-social-care --operation Read --topic referrals.wolverhampton-adult-social-care
allow provider-wolverhampton-adult-social-care --operation Write --topic replies.wolverhampton-adult-social-care
limit provider-wolverhampton-adult-social-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

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

# provider-wolverhampton-leaving-care: receives its referrals and answers them
allow provider-wolverhampton-leaving-care --operation Read --group provider-wolverhampton-leaving-care. --resource-pattern-type prefixed
allow provider-wolverhampton-leaving-care --operation Read --topic referrals.wolverhampton-leaving-care
allow provider-wolverhampton-leaving-care --operation Write --topic replies.wolverhampton-leaving-care
limit provider-wolverhampton-leaving-care producer_byte_rate=262144,consumer_byte_rate=1048576,request_percentage=10

# people-on-duty: say yes or no to a referral and whether two people are one, and see what they are called for
allow people-on-duty --operation Read --group people-on-duty. --resource-pattern-type prefixed
allow people-on-duty --operation Read --topic erasure-reports --topic escalations --topic installation --topic match-questions
allow people-on-duty --operation Read --operation Write --topic audit-acts --topic subject-accesses
allow people-on-duty --operation Write --topic approvals --topic erasures --topic match-decisions
allow people-on-duty --operation Write --transactional-id onward.audit.acts

# menders: see what was parked and send it back, each time to the topic that it came from
allow menders --operation Read --group menders. --resource-pattern-type prefixed
allow menders --operation Read --topic installation --topic parked.dispatch --topic parked.intake --topic parked.people --topic parked.routing --topic parked.tracking
allow menders --operation Read --operation Write --topic audit-acts --topic redrives
allow menders --operation Write --topic approvals --topic contacts --topic decisions --topic deliveries --topic erased-persons --topic erasures --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic match-decisions --topic receipts --topic situations --topic withdrawals
allow menders --operation Write --topic replies. --resource-pattern-type prefixed
allow menders --operation Write --transactional-id onward.audit.acts
allow menders --operation Write --transactional-id onward.redrive. --resource-pattern-type prefixed

# rule-authors: publish rules and directory, and see what a bundle in the shadow would have done
allow rule-authors --operation Read --group rule-authors. --resource-pattern-type prefixed
allow rule-authors --operation Read --topic installation --topic shadow-differences
allow rule-authors --operation Read --operation Write --topic audit-acts --topic rulesets
allow rule-authors --operation Describe --topic referrals. --topic replies. --resource-pattern-type prefixed
allow rule-authors --operation Write --transactional-id onward.audit.acts

# insight: counts by place; no service of this release does it yet
allow insight --operation Read --group insight. --resource-pattern-type prefixed
allow insight --operation Read --topic installation --topic referral-events

# operator: makes topics and sets lost positions; may read everything for that, so it logs in for a job only
allow operator --operation Read --group dispatch. --group intake. --group people. --group routing. --group tracking. --resource-pattern-type prefixed
allow operator --operation Alter --operation Create --operation DescribeConfigs --operation Read --topic approvals --topic audit-checkpoints --topic contacts --topic decisions --topic deliveries --topic erased-persons --topic erasure-reports --topic erasures --topic escalations --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic match-decisions --topic match-questions --topic receipts --topic redrives --topic referral-events --topic shadow-differences --topic situations --topic subject-accesses --topic tombstones --topic withdrawals
allow operator --operation Alter --operation Create --operation DescribeConfigs --operation Read --operation Write --topic audit-acts --topic installation --topic rulesets
allow operator --operation Alter --operation Create --operation DescribeConfigs --operation Read --topic audit. --topic feedback. --topic parked. --topic questions. --topic referrals. --topic replies. --topic status. --resource-pattern-type prefixed
allow operator --operation Write --transactional-id onward.audit.acts --transactional-id onward.installation
allow operator --operation Write --transactional-id dispatch. --transactional-id intake. --transactional-id people. --transactional-id routing. --transactional-id tracking. --resource-pattern-type prefixed

# archivist: `onward rules archive` and `history`: reads what was decided, sealed and pseudonymous
allow archivist --operation Read --topic decisions --topic rulesets --topic situations

# auditor: `onward audit checkpoint` and `export`: reads the audit chains and signs what stands on them
allow auditor --operation Read --group onward.audit
allow auditor --operation Read --topic audit-acts --topic audit.dispatch --topic audit.intake --topic audit.people --topic audit.routing --topic audit.tracking
allow auditor --operation Read --operation Write --topic audit-checkpoints
allow auditor --operation Write --transactional-id onward.audit.checkpoint

# lag-reader: autoscalers and lag exporters: offsets, never records
allow lag-reader --operation Describe --group onward.audit
allow lag-reader --operation Describe --group dispatch. --group intake. --group people. --group routing. --group tracking. --resource-pattern-type prefixed
allow lag-reader --operation Describe --topic approvals --topic audit-acts --topic audit.dispatch --topic audit.intake --topic audit.people --topic audit.routing --topic audit.tracking --topic contacts --topic decisions --topic deliveries --topic erased-persons --topic erasures --topic in.cautions --topic in.control-room --topic in.courts --topic in.custody --topic in.hmpps --topic in.liaison --topic in.probation --topic in.street-triage --topic match-decisions --topic receipts --topic situations --topic withdrawals
allow lag-reader --operation Describe --topic replies. --resource-pattern-type prefixed
