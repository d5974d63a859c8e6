package io.leadroutes.sandbox.world;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Which jobs there are: departments, their functions, and titles that fit a function and a level. */
final class Jobs {

    record Job(String title, String level, JobFunction function) {
    }

    private record Department(String name, String chief, List<JobFunction> functions, List<String> specialists, int weight) {

        static Department of(String name, String chief, int weight, List<String> functions, List<String> specialists) {
            return new Department(name, chief, functions.stream().map(f -> new JobFunction(f, name)).toList(),
                    specialists, weight);
        }
    }

    private static final List<Department> DEPARTMENTS = List.of(
            Department.of("Sales", "Chief Revenue Officer", 22,
                    List.of("Sales", "Business Development", "Account Management", "Sales Operations"),
                    List.of("Account Executive", "Sales Development Representative", "Account Manager", "Sales Engineer")),
            Department.of("Marketing", "Chief Marketing Officer", 14,
                    List.of("Marketing", "Demand Generation", "Product Marketing", "Marketing Operations"),
                    List.of("Marketing Specialist", "Content Strategist", "Campaign Coordinator")),
            Department.of("Information Technology", "Chief Information Officer", 14,
                    List.of("IT", "Information Security", "Infrastructure", "Enterprise Applications"),
                    List.of("System Administrator", "Security Analyst", "Network Engineer", "Business Systems Analyst")),
            Department.of("Engineering & Technical", "Chief Technology Officer", 15,
                    List.of("Engineering", "Software Development", "Data Engineering", "Quality Assurance"),
                    List.of("Software Engineer", "Data Scientist", "DevOps Engineer", "QA Engineer")),
            Department.of("Finance", "Chief Financial Officer", 9, List.of("Finance", "Accounting", "Procurement"),
                    List.of("Accountant", "Financial Analyst", "Controller")),
            Department.of("Human Resources", "Chief Human Resources Officer", 7,
                    List.of("Human Resources", "Talent Acquisition", "Learning & Development"),
                    List.of("Recruiter", "HR Generalist", "Benefits Specialist")),
            Department.of("Operations", "Chief Operating Officer", 12,
                    List.of("Operations", "Supply Chain", "Customer Success", "Customer Support"),
                    List.of("Operations Analyst", "Customer Success Manager", "Support Engineer", "Buyer")),
            Department.of("Legal", "General Counsel", 3, List.of("Legal", "Compliance"),
                    List.of("Legal Counsel", "Paralegal", "Compliance Analyst")),
            Department.of("Medical & Health", "Chief Medical Officer", 4, List.of("Clinical Operations", "Nursing"),
                    List.of("Registered Nurse", "Physician", "Clinical Coordinator")));

    private static final JobFunction EXECUTIVE = new JobFunction("Executive", "C-Suite");
    private static final int TOTAL = DEPARTMENTS.stream().mapToInt(Department::weight).sum();

    private Jobs() {
    }

    /** All functions, department after department. */
    static List<JobFunction> functions() {
        return Stream.concat(Stream.of(EXECUTIVE), DEPARTMENTS.stream().flatMap(department -> department.functions().stream()))
                .toList();
    }

    static Job draw(Pools pools, int rank, SplittableRandom random) {
        if (rank == 0) {
            return new Job(random.nextInt(4) == 0 ? "President" : random.nextInt(3) == 0 ? "Chief Executive Officer" : "CEO",
                    "C-Level", EXECUTIVE);
        }
        Department department = department(random);
        JobFunction function = department.functions().get(random.nextInt(department.functions().size()));
        int level = random.nextInt(100);
        if (level < 5) {
            return new Job(department.chief(), "C-Level", EXECUTIVE);
        }
        String[] forms;
        String name;
        if (level < 14) {
            name = "VP-Level";
            forms = new String[] {"VP of %s", "Vice President, %s", "SVP %s", "VP %s"};
        } else if (level < 32) {
            name = "Director";
            forms = new String[] {"Director of %s", "Senior Director, %s", "Head of %s", "Director, %s"};
        } else if (level < 58) {
            name = "Manager";
            forms = new String[] {"%s Manager", "Senior %s Manager", "Manager, %s", "%s Team Lead"};
        } else {
            String title = random.nextInt(5) == 0 ? pools.jobTitle(random)
                    : department.specialists().get(random.nextInt(department.specialists().size()));
            return new Job((random.nextInt(4) == 0 ? "Senior " + title : title).intern(), "Non-Manager", function);
        }
        return new Job(forms[random.nextInt(forms.length)].replace("%s", function.name()).intern(), name, function);
    }

    /** The next step up for somebody; at the top the title alone changes. */
    static Job promotion(String title, String level, JobFunction function, long key) {
        String[] forms;
        String next;
        switch (level) {
            case "Non-Manager" -> {
                next = "Manager";
                forms = new String[] {"%s Manager", "Manager, %s", "%s Team Lead"};
            }
            case "Manager" -> {
                next = "Director";
                forms = new String[] {"Director of %s", "Head of %s", "Director, %s"};
            }
            case "Director" -> {
                next = "VP-Level";
                forms = new String[] {"VP of %s", "Vice President, %s", "SVP %s"};
            }
            default -> {
                String chief = DEPARTMENTS.stream().filter(d -> d.name().equals(function.department())).findFirst()
                        .map(Department::chief).orElse("Chief Executive Officer");
                return new Job(!title.equals(chief) ? chief : title.startsWith("Group ") ? title.substring(6)
                        : "Group " + title, "C-Level", EXECUTIVE);
            }
        }
        return new Job(forms[Hashes.below(key, 1, forms.length)].replace("%s", function.name()), next, function);
    }

    private static Department department(SplittableRandom random) {
        int at = random.nextInt(TOTAL);
        for (Department department : DEPARTMENTS) {
            at -= department.weight();
            if (at < 0) {
                return department;
            }
        }
        throw new IllegalStateException("weights do not add up");
    }
}
