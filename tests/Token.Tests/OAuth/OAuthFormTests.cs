using System.Buffers;
using System.Text;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.OAuth;

namespace Token.Tests.OAuth;

public sealed class OAuthFormTests
{
    [Fact]
    public void Decodes_names_and_values()
    {
        var form = Parse("grant%5Ftype=client_credentials&scope=a+b%20c&client%5fid=%C3%A4%e2%82%ac&&x=1=2&flag");

        Assert.Equal("client_credentials", form.Find("grant_type"));
        Assert.Equal("a b c", form.Find("scope"));
        Assert.Equal("ä€", form.Find("client_id"));
        Assert.Equal("1=2", form.Find("x"));
        Assert.Null(form.Find("flag"));
        Assert.Null(form.Find("GRANT_TYPE"));
    }

    [Fact]
    public void A_parameter_without_a_value_is_as_if_omitted()
    {
        var form = Parse("scope=&grant_type=x");

        Assert.Null(form.Find("scope"));
        Assert.Equal("The parameter scope is missing.", Refusal(() => form.Require("scope")).Message);
    }

    public static TheoryData<string, string, string> Malformed => new()
    {
        { "repeated", "scope=a&scope=b", "scope is included more than once." },
        { "repeated with the same value", "grant_type=a&grant_type=a", "grant_type is included more than once." },
        { "repeated, one of them empty", "scope=&scope=a", "scope is included more than once." },
        { "repeated, one name escaped", "scope=a&%73cope=b", "scope is included more than once." },
        { "repeated and unknown", "x=a&x=b", "A parameter is included more than once." },
        { "percent at the end", "scope=a%", Broken("scope") },
        { "percent with one digit", "scope=%4", Broken("scope") },
        { "percent with other letters", "scope=%zz", Broken("scope") },
        { "percent with a sign", "scope=%+1", Broken("scope") },
        { "percent with a space", "scope=% 1", Broken("scope") },
        { "NUL", "client_secret=a%00b", Broken("client_secret") },
        { "a raw NUL", "client_secret=a\0b", Broken("client_secret") },
        { "a lone continuation byte", "scope=%80", Broken("scope") },
        { "an overlong slash", "scope=%C0%AF", Broken("scope") },
        { "a surrogate", "scope=%ED%A0%80", Broken("scope") },
        { "a cut sequence", "scope=%E2%82", Broken("scope") },
        { "raw Latin-1", "scope=\u00e4", Broken("scope") },
        { "a broken name", "%FF=a", "A parameter's name is too long or not valid UTF-8." },
        { "a long name", new string('n', 129) + "=a", "A parameter's name is too long or not valid UTF-8." },
        { "a long client_id", "client_id=" + new string('c', 257), "client_id is longer than 256 characters." },
        { "a long scope", "scope=" + new string('s', 4097), "scope is longer than 4096 characters." },
        { "a long token", "token=" + new string('t', 16385), "token is longer than 16384 characters." },
        { "a long unknown value", "x=" + new string('x', 8193), "A parameter is longer than 8192 characters." },
        { "many parameters", string.Join('&', Enumerable.Range(0, 65).Select(i => $"p{i}=1")), "There are more than 64 parameters." },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Refuses_what_is_malformed(string what, string body, string message)
    {
        Assert.NotEmpty(what);
        var refusal = Refusal(() => Parse(body));

        Assert.Equal(ErrorReason.InvalidRequest, refusal.Reason);
        Assert.Equal(message, refusal.Message);
    }

    [Fact]
    public void Reads_a_body_that_came_in_pieces()
    {
        var first = new Piece(Encoding.ASCII.GetBytes("grant_type=cli"), 0);
        var last = first.Then(Encoding.ASCII.GetBytes("ent_credentials&scope=%")).Then(Encoding.ASCII.GetBytes("41"));

        var form = OAuthForm.Parse(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length));

        Assert.Equal("client_credentials", form.Find("grant_type"));
        Assert.Equal("A", form.Find("scope"));
    }

    private static OAuthForm Parse(string body) => OAuthForm.Parse(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(body)));

    private static IamException Refusal(Action act) => Assert.Throws<IamException>(act);

    private static string Broken(string name) => $"{name} is not well-formed: its percent-encoding or UTF-8 is broken, or it contains NUL.";

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, long start)
        {
            Memory = bytes;
            RunningIndex = start;
        }

        public Piece Then(byte[] bytes)
        {
            var next = new Piece(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
