package io.leadroutes.sandbox.world;

import java.util.ArrayList;
import java.util.List;

/**
 * A topic that companies read about before they buy.
 *
 * @param department department of those who usually buy it, as in {@link JobFunction#department()}
 * @param jobFunction function within the department
 */
public record IntentTopic(String name, String category, String department, String jobFunction, String description) {

    /** Every topic there is; which of them an account may ask for is a matter of its subscription. */
    public static final List<IntentTopic> ALL = all();

    private static List<IntentTopic> all() {
        List<IntentTopic> all = new ArrayList<>();
        add(all, "Cyber Security", "Information Technology", "Information Security", "Mobile Security", "Endpoint Security",
                "Cloud Security", "Network Security", "Identity and Access Management (IAM)", "Zero Trust",
                "Security Information and Event Management (SIEM)");
        add(all, "Sales", "Sales", "Sales Operations", "Customer Relationship Management (CRM)", "Sales Engagement",
                "Sales Enablement", "Lead Generation", "Sales Intelligence");
        add(all, "Marketing", "Marketing", "Demand Generation", "Marketing Automation", "Account-Based Marketing (ABM)",
                "Email Marketing", "Web Analytics", "Content Marketing");
        add(all, "Cloud", "Information Technology", "Infrastructure", "Cloud Migration", "Infrastructure as a Service (IaaS)",
                "Data Warehouse", "Business Intelligence", "Data Integration", "IT Service Management (ITSM)");
        add(all, "Software Development", "Engineering & Technical", "Software Development", "DevOps", "Test Automation",
                "API Management");
        add(all, "Human Resources", "Human Resources", "Human Resources", "Human Capital Management (HCM)",
                "Applicant Tracking Systems", "Employee Benefits", "Payroll", "Learning Management Systems");
        add(all, "Finance", "Finance", "Finance", "Enterprise Resource Planning (ERP)", "Accounts Payable Automation",
                "Expense Management", "Financial Planning");
        add(all, "Operations", "Operations", "Operations", "Supply Chain Management", "Help Desk", "Project Management",
                "Customer Experience");
        add(all, "Legal", "Legal", "Compliance", "Contract Management", "Governance Risk and Compliance (GRC)");
        return List.copyOf(all);
    }

    private static void add(List<IntentTopic> all, String category, String department, String function, String... names) {
        for (String name : names) {
            all.add(new IntentTopic(name, category, department, function, "Reading about " + name + ", a topic of "
                    + category + "."));
        }
    }
}
