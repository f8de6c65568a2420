using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Consent.Texts;

namespace Consent.Tests.Texts;

/// <summary>What is a change in substance, and what is not; which language is chosen.</summary>
public sealed class TextVersionTests
{
    [Theory]
    [InlineData("Read invoices", "", "read invoices.", "")]
    [InlineData("Read invoices", "", "  Read\u00A0  invoices ", "")]
    [InlineData("Read: invoices", "All of them!", "Read invoices", "all of them")]
    [InlineData("Read", "One line\nand another", "Read", "One line and another")]
    public void A_text_that_says_the_same_has_the_same_version(string title, string description, string otherTitle, string otherDescription) =>
        Assert.Equal(Version(title, description), Version(otherTitle, otherDescription));

    [Theory]
    [InlineData("Read invoices", "", "Read all invoices", "")]
    [InlineData("Read invoices", "", "Read invoices", "and pay them")]
    [InlineData("Pay up to 1.000", "", "Pay up to 1000", "")]
    [InlineData("Pay up to 1,5", "", "Pay up to 15", "")]
    [InlineData("therapist", "", "the rapist", "")]
    [InlineData("a b", "", "a", "b")]
    [InlineData("", "a", "a", "")]
    public void A_text_that_says_something_else_has_another_version(string title, string description, string otherTitle, string otherDescription) =>
        Assert.NotEqual(Version(title, description), Version(otherTitle, otherDescription));

    [Fact]
    public void A_technical_name_is_no_text_of_the_same_words()
    {
        Assert.NotEqual(TextVersion.Of("a", null), TextVersion.Of("b", null));
        Assert.NotEqual(TextVersion.Of("invoices", null), Version("invoices", ""));
    }

    [Theory]
    [InlineData("de", "de")]
    [InlineData("DE-ch", "de")]
    [InlineData("de-CH-1996 en", "de")]
    [InlineData("fr en", "en")]
    [InlineData("fr", "en")]
    [InlineData("", "en")]
    [InlineData("x; en-GB <de>", "en")]
    public void The_language_is_the_first_that_there_is_a_text_in(string preferred, string chosen)
    {
        ScopeText[] texts = [Text("de"), Text("en"), Text("it")];

        Assert.Equal(chosen, ScopeTexts.Choose([.. texts], preferred.Split(' '), "en")?.Language);
    }

    [Fact]
    public void Where_no_wanted_language_has_a_text_another_does()
    {
        Assert.Equal("it", ScopeTexts.Choose([Text("it")], ["de"], "en")?.Language);
        Assert.Null(ScopeTexts.Choose([], ["de"], "en"));
    }

    private static string Version(string title, string description) =>
        TextVersion.Of("scope", new ScopeText { Language = "en", Title = title, Description = description });

    private static ScopeText Text(string language) => new() { Language = language, Title = language };
}
