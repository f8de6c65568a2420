using System.Security.Cryptography.X509Certificates;
using Pltfrms.Iam.Common.Certificates;

namespace Common.Tests.Certificates;

public sealed class DistinguishedNamesTests
{
    /// <summary>A registered text, and a subject whose parts are written from the country down.</summary>
    public static TheoryData<string, string, string> Same => new()
    {
        { "the last part first", "CN=billing,O=Example,C=DE", "C=DE, O=Example, CN=billing" },
        { "letters in either case", "cn=BILLING,o=example,c=de", "C=DE, O=Example, CN=billing" },
        { "spaces around parts and runs of them", " CN = billing  and  more , O=Example", "O=Example, CN=billing and more" },
        { "an escaped comma", "CN=Billing\\, Ltd.,O=Example", "O=Example, CN=\"Billing, Ltd.\"" },
        { "escaped octets", "CN=L\\C3\\BCbeck", "CN=Lübeck" },
        { "a type by its number", "2.5.4.3=billing", "CN=billing" },
        { "a value in hexadecimal", "CN=#0c0762696c6c696e67", "CN=billing" },
        { "components of a domain", "CN=billing,DC=example,DC=com", "DC=com, DC=example, CN=billing" },
        { "a serial number and an organization's", "serialNumber=7,organizationIdentifier=PSDDE-BAFIN-1", "2.5.4.97=PSDDE-BAFIN-1, SERIALNUMBER=7" },
    };

    public static TheoryData<string, string, string> Different => new()
    {
        { "another order", "O=Example,CN=billing", "O=Example, CN=billing" },
        { "less", "CN=billing", "O=Example, CN=billing" },
        { "more", "CN=billing,O=Example,C=DE", "O=Example, CN=billing" },
        { "another type", "OU=billing", "CN=billing" },
        { "a part inside a value", "CN=billing,O=Example", "CN=\"billing,O=Example\"" },
        { "a value that goes on", "CN=billing", "CN=billing2" },
    };

    public static TheoryData<string> NoNames =>
        ["", "billing", "CN=", "CN=a,", ",CN=a", "CN=a,,O=b", "NAME=a", "CN=a\\", "CN=a\\z", "CN=a;", "CN=\"a\"", "CN=#0c", "CN=#zz", "CN=\\FF", "CN=a\u0000b", "CN=a\u202eb", "CN=a+"];

    [Theory]
    [MemberData(nameof(Same))]
    public void Finds_the_same_name(string what, string registered, string subject)
    {
        Assert.NotNull(what);
        Assert.Equal(DistinguishedNames.Canonical(registered), DistinguishedNames.Canonical(new X500DistinguishedName(subject, X500DistinguishedNameFlags.None)));
    }

    [Theory]
    [MemberData(nameof(Different))]
    public void Tells_names_apart(string what, string registered, string subject)
    {
        Assert.NotNull(what);
        Assert.NotNull(DistinguishedNames.Canonical(registered));
        Assert.NotEqual(DistinguishedNames.Canonical(registered), DistinguishedNames.Canonical(new X500DistinguishedName(subject, X500DistinguishedNameFlags.None)));
    }

    [Theory]
    [MemberData(nameof(NoNames))]
    public void Refuses_what_is_no_name(string text) => Assert.Null(DistinguishedNames.Canonical(text));

    [Fact]
    public void Parts_of_one_name_have_no_order()
    {
        var builder = new X500DistinguishedName(Convert.FromHexString("301631143008060355040313016130080603550405130162"));

        Assert.Equal(DistinguishedNames.Canonical("CN=a+serialNumber=b"), DistinguishedNames.Canonical(builder));
        Assert.Equal(DistinguishedNames.Canonical("serialNumber=b+CN=a"), DistinguishedNames.Canonical(builder));
    }

    [Fact]
    public void An_empty_subject_is_nobodys() => Assert.Null(DistinguishedNames.Canonical(new X500DistinguishedName([0x30, 0x00])));
}
