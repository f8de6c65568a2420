using System.Text;
using Pltfrms.Iam.Common.Storage;

namespace Common.Tests.Storage;

public sealed class InstantTextTests
{
    public static TheoryData<string> Instants => ["2026-11-22T12:00:00.0000000Z", "2026-01-02T03:04:05.1234569Z", "0001-01-01T00:00:00.0000001Z", "9999-12-31T23:59:59.9999999Z"];

    [Theory]
    [MemberData(nameof(Instants))]
    public void Text_and_bytes_are_the_same_and_cut_behind_microseconds(string instant)
    {
        var parsed = DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
        var bytes = new byte[InstantText.Length];
        InstantText.Write(parsed, bytes);

        Assert.Equal(instant[..26] + "Z", InstantText.Write(parsed));
        Assert.Equal(InstantText.Write(parsed), Encoding.ASCII.GetString(bytes));
    }

    [Fact]
    public void Other_offsets_are_written_as_UTC()
    {
        var bytes = new byte[InstantText.Length];
        InstantText.Write(new DateTimeOffset(2026, 11, 22, 1, 0, 0, TimeSpan.FromHours(2)), bytes);

        Assert.Equal("2026-11-21T23:00:00.000000Z", Encoding.ASCII.GetString(bytes));
    }
}
