package rms.directories_test

import data.rms.ad
import data.rms.ldap
import data.rms.mail
import data.rms.user

facts := {
	"ldap": {"groups": {"cn=sales,ou=groups": {"ann": true, "bob": false}}},
	"ad": {"groups": {"corp\\sales": {"ann": true}}},
	"mail": {"groups": {"sales@example.com": ["ann", "O'Neil"], "odd": {"x": "ann"}, "flags": [true]}},
	"attrs": {
		"ann": {"manager": "mia", "department": "sales"},
		"bob": {"manager": "mia"},
		"mia": {"manager": "boss"},
		"zoe": {"manager": "yan"},
		"yan": {"manager": "zoe"},
		"solo": {},
	},
}

stamp := {"as_of_s": 100, "fresh_until_s": 1000}

now := 150000000000

test_members_whatever_the_case_of_the_name if {
	ldap.user_in_group("ann", "CN=Sales,OU=Groups") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	ad.user_in_group("ann", "CORP\\Sales") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	mail.user_in_list("O'Neil", "Sales@Example.com") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
}

test_all_others_are_no_members[name] if {
	some name, question in {
		"another user": ["mallory", "cn=sales,ou=groups"],
		"false in the data": ["bob", "cn=sales,ou=groups"],
		"the user's own case counts": ["Ann", "cn=sales,ou=groups"],
		"another group": ["ann", "cn=other"],
		"no group": ["ann", null],
		"no user": [null, "cn=sales,ou=groups"],
		"an index as user": [0, "sales@example.com"],
	}
	ldap.user_in_group(question[0], question[1]) == false with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	ad.user_in_group(question[0], question[1]) == false with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	mail.user_in_list(question[0], question[1]) == false with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
}

test_lists_of_another_kind_have_no_members if {
	not mail.user_in_list("ann", "odd") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	not mail.user_in_list(0, "flags") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
}

test_managers_at_any_distance if {
	user.reports_to("ann", "mia") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	user.reports_to("ann", "boss") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	user.reports_to("mia", "boss") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	not user.reports_to("mia", "ann") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	not user.reports_to("ann", "bob") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	not user.reports_to("ann", "ann") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	not user.reports_to("solo", "boss") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
}

test_people_who_report_to_each_other if {
	user.reports_to("zoe", "yan") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	not user.reports_to("zoe", "zoe") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	user.span("zoe") == 1 with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
}

test_span if {
	user.span("boss") == 3 with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	user.span("mia") == 2 with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	user.span("ann") == 0 with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	user.span("nobody") == 0 with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
}

test_attributes if {
	user.attr("ann", "department") == "sales" with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	not user.attr("ann", "phone") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
	not user.attr("nobody", "department") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now
}

test_stale_data_answers_nothing if {
	ldap.user_in_group("ann", "cn=sales,ou=groups") == false with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now * 10
	ad.user_in_group("ann", "corp\\sales") == false with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now * 10
	mail.user_in_list("ann", "sales@example.com") == false with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now * 10
	user.reports_to("ann", "mia") == false with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now * 10
	user.span("boss") == 0 with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now * 10
	not user.attr("ann", "department") with data.rms.data as facts with data.rms.stamp as stamp with time.now_ns as now * 10
}

test_no_data_answers_false_and_not_nothing if {
	ldap.user_in_group("ann", "x") == false with data.rms.data as {} with data.rms.stamp as stamp with time.now_ns as now
	user.reports_to("ann", "mia") == false with data.rms.data as {} with data.rms.stamp as stamp with time.now_ns as now
	user.span("ann") == 0 with data.rms.data as {} with data.rms.stamp as stamp with time.now_ns as now
}
