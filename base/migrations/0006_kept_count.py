from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0005_one_time_password_lapses'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptCount',
            fields=[
                ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False, verbose_name='名称')),
                ('value', models.TextField(verbose_name='内容')),
                ('expires', models.DateTimeField(db_index=True, verbose_name='有效到')),
            ],
            options={
                'verbose_name': '短期计数',
                'verbose_name_plural': '短期计数',
            },
        ),
    ]
