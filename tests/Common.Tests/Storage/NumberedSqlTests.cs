using Pltfrms.Iam.Common.Storage;

namespace Common.Tests.Storage;

public sealed class NumberedSqlTests
{
    [Fact]
    public void Each_name_has_one_number_wherever_it_stands_and_however_it_is_spelled()
    {
        var sql = NumberedSql.Of("select @after, @RealmId from t where realm_id = @realmId and n > (@after)[1]");

        Assert.Equal("select $1, $2 from t where realm_id = $2 and n > ($1)[1]", sql.Text);
        Assert.Equal(["after", "RealmId"], sql.Names);
    }

    [Fact]
    public void Names_that_begin_alike_are_others() => Assert.Equal("$1 $2 $3", NumberedSql.Of("@key @key_kind @keys").Text);

    [Fact]
    public void What_has_no_parameters_stays_as_it_is() => Assert.Equal("select 1::bigint", NumberedSql.Of("select 1::bigint").Text);

    [Fact]
    public void A_statement_is_read_once() => Assert.Same(NumberedSql.Of("select @a"), NumberedSql.Of("select @a"));
}
