from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0004_saved_views'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='one_time_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='一次性密码有效到'),
        ),
    ]
